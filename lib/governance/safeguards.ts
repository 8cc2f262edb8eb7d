import type { Actor } from '../model/actor.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** The one switch that stops every repair, as somebody threw it. */
export interface Halt {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** What keeps one control from repairing one resource until a person releases it, or its time is over. */
export interface Hold {
  readonly at: string;
  readonly reason: string;
  /** When it is over by itself; a hold without waits for a person. */
  readonly until?: string;
  /** The execution that set it; it alone is not stopped by it, and whoever releases the hold names it. */
  readonly execution?: string;
  /** Who answers for the resource. */
  readonly owner?: string;
  /** Who kept breaking it, as far as that is known. */
  readonly actors: readonly Actor[];
}

/** What may stop a repair that is about to write. */
export interface Safeguards {
  readonly halt?: Halt;
  readonly hold?: Hold;
  /** The account's breaker, where it is open: what nobody approved waits for people. */
  readonly circuitBreaker?: CircuitBreaker;
  /** When the control repaired the resource lately, in epoch milliseconds. */
  readonly repairs: readonly number[];
}

const MINUTE = 60_000;
/** More than this many repairs within so long are no repairs any more, but a quarrel with somebody. */
const LIMITS = [
  { count: 3, within: 10 * MINUTE, words: '3 times within 10 minutes' },
  { count: 10, within: 24 * 60 * MINUTE, words: '10 times within 24 hours' },
] as const;

/** Why nothing may be written now. */
export interface Stop {
  readonly reason: string;
  /** It is new, and must be held to until a person releases it. */
  readonly opensHold: boolean;
}

/** Looks at what may stop an execution's repair; undefined where nothing does. A hold does not stop whoever set it. */
export function stopReason({ halt, hold, repairs }: Safeguards, now: number, execution: string): Stop | undefined {
  if (halt) return { reason: haltReason(halt), opensHold: false };
  if (hold && hold.execution !== execution && holds(hold, now)) return { reason: holdReason(hold), opensHold: false };
  const limit = LIMITS.find(({ count, within }) => repairs.filter((at) => now - at < within).length >= count);
  return limit && { reason: `It was repaired ${limit.words} and is broken again.`, opensHold: true };
}

const holds = ({ until }: Hold, now: number) => until === undefined || now < Date.parse(until);

const holdReason = ({ at, until, reason }: Hold) => `Held since ${at}${until ? ` until ${until}` : ''}: ${reason}`;

/** Says who stopped all repairs, when and why. */
export const haltReason = ({ at, by, reason }: Halt): string =>
  `All repairs are halted since ${at} by ${by}: ${reason}`;
