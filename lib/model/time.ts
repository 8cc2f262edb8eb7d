/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** The day of a moment, as `YYYY-MM-DD` in UTC. */
export const dayOf = (moment: Date): string => moment.toISOString().slice(0, 10);

/** A day so many days later, or earlier. */
export const plusDays = (day: string, days: number): string => dayOf(new Date(Date.parse(day) + days * DAY_MS));
