/** Whole days in UTC, the first and the last included. */
export interface Period {
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

const DAY = 86_400_000;

/** A day so many days later, or earlier. */
export const plusDays = (day: string, days: number): string =>
  new Date(Date.parse(day) + days * DAY).toISOString().slice(0, 10);

/** Every day of a period, in order. */
export function* daysOf({ from, to }: Period): Generator<string> {
  for (let day = from; day <= to; day = plusDays(day, 1)) yield day;
}

/** Where the vault keeps what was recorded on a day. */
export const dayPrefix = (day: string): string => `evidence/${day.replaceAll('-', '/')}/`;

/** The last moment of a period. */
export const endOf = ({ to }: Period): string => `${to}T23:59:59.999Z`;
