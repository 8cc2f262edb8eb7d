import { plusDays } from '../../model/time.ts';

/** Whole days in UTC, the first and the last included. */
export interface Period {
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

/** Every day of a period, in order. */
export function* daysOf({ from, to }: Period): Generator<string> {
  for (let day = from; day <= to; day = plusDays(day, 1)) yield day;
}

/** The last moment of a period. */
export const endOf = ({ to }: Period): string => `${to}T23:59:59.999Z`;
