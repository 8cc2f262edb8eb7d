import { randomUUID } from 'node:crypto';
import type { AwsError } from './answer.ts';
import { type CallFilter, type CallRecord, selects } from './log.ts';
import type { Call } from './types.ts';

/** A kind of failure: refused, failed, no answer, a cut connection, or an answer from a stale replica. */
export type FaultKind = 'throttle' | 'denied' | '500' | 'timeout' | 'drop' | 'stale';

/** A fault to inject into the calls that the filter selects. */
export interface Fault extends Omit<CallFilter, 'since'> {
  kind: FaultKind;
  /** Whether the call fails before or after its effect. Default: before. */
  when?: 'before' | 'after';
  /** Arms the fault only after a call that matches this filter has succeeded. */
  armedBy?: Omit<CallFilter, 'since'>;
  /** The first matching call that fails. Default: 1. */
  nth?: number;
  /** The number of consecutive matching calls that fail; 0 for all. Default: 1. */
  times?: number;
  /** An error code instead of the service's usual one. */
  code?: string;
  /** The seconds until a `timeout` cuts the connection. Default: 70. */
  seconds?: number;
}

/** An injected fault and the calls that it has seen and failed. */
export interface FaultState extends Fault {
  id: string;
  armed: boolean;
  seen: number;
  struck: number;
}

/** The armed faults. */
export interface Faults {
  inject(fault: Fault): string;
  list(): FaultState[];
  clear(): void;
  /** Counts a call and returns the fault that fails it, if any. */
  strike(call: CallRecord, hasPrevious: boolean): FaultState | undefined;
  /** Arms the faults that wait for a call that succeeded. */
  succeeded(call: CallRecord): void;
}

const KINDS: readonly FaultKind[] = ['throttle', 'denied', '500', 'timeout', 'drop', 'stale'];

/** Makes an empty set of faults. */
export function openFaults(): Faults {
  const faults: FaultState[] = [];
  return {
    inject(fault) {
      if (!KINDS.includes(fault.kind)) throw new Error(`Unknown fault "${fault.kind}". Available: ${KINDS.join(', ')}`);
      const id = randomUUID().slice(0, 8);
      faults.push({ ...fault, id, armed: !fault.armedBy, seen: 0, struck: 0 });
      return id;
    },
    list: () => faults,
    clear: () => void faults.splice(0),
    strike: (call, hasPrevious) => faults.find((fault) => strikes(fault, call, hasPrevious)),
    succeeded(call) {
      for (const fault of faults) if (fault.armedBy && selects(fault.armedBy, call)) fault.armed = true;
    },
  };
}

function strikes(fault: FaultState, call: CallRecord, hasPrevious: boolean): boolean {
  if (!fault.armed || !selects(fault, call) || (fault.kind === 'stale' && !hasPrevious)) return false;
  fault.seen += 1;
  const { nth = 1, times = 1, seen } = fault;
  const hit = seen >= nth && (times === 0 || seen < nth + times);
  if (hit) fault.struck += 1;
  return hit;
}

type Refusal = 'throttle' | 'denied' | '500';
type Answered = [status: number, code: string];

// By service if it has its own code, otherwise by protocol.
const REFUSALS: Record<Refusal, Record<string, Answered>> = {
  throttle: {
    ec2: [503, 'RequestLimitExceeded'],
    s3: [503, 'SlowDown'],
    s3control: [503, 'SlowDown'],
    lambda: [429, 'TooManyRequestsException'],
    sqs: [403, 'RequestThrottled'],
    query: [400, 'Throttling'],
    'rest-xml': [503, 'SlowDown'],
    'rest-json': [429, 'TooManyRequestsException'],
    other: [400, 'ThrottlingException'],
  },
  denied: {
    ec2: [403, 'UnauthorizedOperation'],
    query: [403, 'AccessDenied'],
    'rest-xml': [403, 'AccessDenied'],
    'rest-json': [403, 'AccessDeniedException'],
    other: [400, 'AccessDeniedException'],
  },
  '500': {
    ec2: [500, 'InternalError'],
    s3: [500, 'InternalError'],
    dynamodb: [500, 'InternalServerError'],
    kms: [500, 'KMSInternalException'],
    lambda: [500, 'ServiceException'],
    iam: [500, 'ServiceFailure'],
    other: [500, 'InternalFailure'],
  },
};

/** The status and error of a fault in the call's service; `undefined` for faults without an answer. */
export function refusalOf(fault: Fault, call: Call): { status: number; error: AwsError } | undefined {
  if (fault.kind === 'timeout' || fault.kind === 'drop' || fault.kind === 'stale') return undefined;
  const codes = REFUSALS[fault.kind];
  const [status, code] = codes[call.service] ?? codes[call.protocol] ?? codes.other ?? [500, 'InternalFailure'];
  return { status, error: { code: fault.code ?? code, message: `Injected by the sandbox: ${fault.kind}` } };
}
