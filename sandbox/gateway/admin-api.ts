import type { Fault, FaultState } from './faults.ts';
import type { CallFilter, CallRecord } from './log.ts';
import type { AwsEvent, KeyAge, TrailSettings } from './types.ts';

/** The state of the gateway, for debugging. */
interface Status {
  parts: string[];
  calls: number;
  /** Signed calls that no model has, with the number of each. */
  unnamed: Record<string, number>;
  /** Failures of background work, such as a refused event or a rule without a function, with the number of each. */
  warnings: Record<string, number>;
}

/** The gateway's own API for tests, in its process and over HTTP. */
export interface AdminApi {
  /** The calls so far, oldest first. A call in progress has status 0. */
  calls(filter?: CallFilter): Promise<CallRecord[]>;
  clearCalls(): Promise<void>;
  /** Arms a fault and returns its id. */
  inject(fault: Fault): Promise<string>;
  /** The armed faults, each with the number of calls that it failed. */
  faults(): Promise<FaultState[]>;
  clearFaults(): Promise<void>;
  /** Publishes an event on an account's default bus as AWS does. */
  emit(event: AwsEvent): Promise<void>;
  /** Changes the age of an IAM access key, which no AWS API can. */
  backdate(key: KeyAge): Promise<void>;
  /** Changes the delay and the repetition of events. */
  setTrail(settings: TrailSettings): Promise<void>;
  /** Waits until no event or evaluation is in progress. */
  settled(): Promise<void>;
  status(): Promise<Status>;
}

/** The names of the methods, which are their paths over HTTP. */
export const ADMIN_METHODS = [
  'calls',
  'clearCalls',
  'inject',
  'faults',
  'clearFaults',
  'emit',
  'backdate',
  'setTrail',
  'settled',
  'status',
] as const satisfies readonly (keyof AdminApi)[];
