/** The milliseconds in a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The date in UTC as `YYYY-MM-DD`. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** Adds days to a date; a negative number subtracts them. */
export const plusDays = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * DAY_MS));
