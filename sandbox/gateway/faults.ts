import { randomUUID } from 'node:crypto';
import type { AwsError } from './answer.ts';
import { type CallFilter, type CallRecord, selects } from './log.ts';
import type { Call } from './wire.ts';

/** How AWS can fail: refused, broken, silent, cut off, or answering from a replica that lags behind. */
export type FaultKind = 'throttle' | 'denied' | '500' | 'timeout' | 'drop' | 'stale';

/** A failure to inject; the fields of a call filter say into which calls. */
export interface Fault extends Omit<CallFilter, 'since'> {
  kind: FaultKind;
  /** Whether the service carries the call out first; `before` unless said. */
  when?: 'before' | 'after';
  /** Counts matching calls from here only: those after a call that matches this one has succeeded. */
  armedBy?: Omit<CallFilter, 'since'>;
  /** The first matching call that fails; 1 unless said. */
  nth?: number;
  /** How many matching calls fail in a row; 1 unless said, 0 for all. */
  times?: number;
  /** An error code in place of the service's usual one. */
  code?: string;
  /** How long a `timeout` keeps the caller waiting before it cuts the connection; 70 unless said. */
  seconds?: number;
}

/** An injected fault, and what became of it. */
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
  /** The fault that strikes this call, if any; counts the call. */
  strike(call: CallRecord, hasPrevious: boolean): FaultState | undefined;
  /** Tells of a call that succeeded: it may arm a fault. */
  succeeded(call: CallRecord): void;
}

const KINDS: readonly FaultKind[] = ['throttle', 'denied', '500', 'timeout', 'drop', 'stale'];

/** Makes an empty set of faults. */
export function openFaults(): Faults {
  const faults: FaultState[] = [];
  return {
    inject(fault) {
      if (!KINDS.includes(fault.kind)) throw new Error(`Unknown fault "${fault.kind}": use one of ${KINDS.join(', ')}`);
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

// By service where AWS has an own code, else by protocol.
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

/** The status and error by which the call's service would refuse it so; undefined for faults that give no answer. */
export function refusalOf(fault: Fault, call: Call): { status: number; error: AwsError } | undefined {
  if (fault.kind === 'timeout' || fault.kind === 'drop' || fault.kind === 'stale') return undefined;
  const codes = REFUSALS[fault.kind];
  const [status, code] = codes[call.service] ?? codes[call.protocol] ?? codes.other ?? [500, 'InternalFailure'];
  return { status, error: { code: fault.code ?? code, message: `Injected by the sandbox: ${fault.kind}` } };
}
