import type { Actor } from '../model/actor.ts';
import type { Explanation, Reason } from '../text/reasons.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';

/** A stop of all repairs, as an operator commanded it. */
export interface Halt {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
}

/** Keeps one control from repairing one resource until it is released or its time ends. */
export interface Hold extends Explanation {
  readonly at: string;
  /** When the hold ends by itself. A hold without it lasts until it is released. */
  readonly until?: string;
  /** The execution that placed the hold. It is not stopped by the hold, and a release names it. */
  readonly execution?: string;
  /** The owner of the resource. */
  readonly owner?: string;
  /** The identities that reverted the repair, as far as they are known. */
  readonly actors: readonly Actor[];
}

/** The safeguards that can stop a repair before its write. */
export interface Safeguards {
  readonly halt?: Halt;
  readonly hold?: Hold;
  /** The account's circuit breaker, where it is open: repairs without an approval wait for one. */
  readonly circuitBreaker?: CircuitBreaker;
  /** The recent repairs of the resource by the control, in epoch milliseconds. */
  readonly repairs: readonly number[];
}

/** Flapping limits: beyond these, another actor keeps reverting the repair. */
const FLAPPING_LIMITS = [
  { count: 3, minutes: 10 },
  { count: 10, minutes: 24 * 60 },
] as const;

/** Why nothing may be written now. */
export interface Stop {
  readonly because: readonly Reason[];
  /** The resource is flapping, and needs a hold that lasts until it is released. */
  readonly opensHold: boolean;
}

/** Returns what stops an execution's repair, if anything does. A hold does not stop the execution that placed it. */
export function stopReason({ halt, hold, repairs }: Safeguards, now: number, execution: string): Stop | undefined {
  if (halt) return { because: [haltReason(halt)], opensHold: false };
  if (hold && hold.execution !== execution && isActive(hold, now))
    return { because: holdReasons(hold), opensHold: false };
  const limit = FLAPPING_LIMITS.find(
    ({ count, minutes }) => repairs.filter((at) => now - at < minutes * 60_000).length >= count,
  );
  return limit && { because: [{ code: 'flapping', ...limit }], opensHold: true };
}

const isActive = ({ until }: Hold, now: number) => until === undefined || now < Date.parse(until);

const holdReasons = ({ at, until, because }: Hold): readonly Reason[] => [
  { code: 'held', at, ...(until && { until }) },
  ...because,
];

/** The halt as a reason. */
export const haltReason = ({ at, by, reason }: Halt): Reason => ({ code: 'halted', at, by, reason });
