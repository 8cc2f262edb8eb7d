import type { Fault, FaultState } from './faults.ts';
import type { CallFilter, CallRecord } from './log.ts';
import type { TrailSettings } from './trail.ts';
import type { AwsEvent } from './upstream.ts';

/** What the gateway is playing, and what it could not do: for a person who wonders. */
interface Status {
  parts: string[];
  calls: number;
  /** Signed calls that no model named, with how often each came. */
  unnamed: Record<string, number>;
  /** Things that went wrong behind a caller's back: an event that was refused, a rule whose function is missing. */
  warnings: Record<string, number>;
}

/** An access key that is to look old. */
export interface KeyAge {
  account: string;
  accessKeyId: string;
  days: number;
}

/** What a test may ask of the gateway; the same inside its process and over HTTP. */
export interface AdminApi {
  /** The calls so far, oldest first; a call under way has status 0. */
  calls(filter?: CallFilter): Promise<CallRecord[]>;
  clearCalls(): Promise<void>;
  /** Arms a fault and gives its id. */
  inject(fault: Fault): Promise<string>;
  /** The armed faults, each with how often it has struck. */
  faults(): Promise<FaultState[]>;
  clearFaults(): Promise<void>;
  /** Publishes any event on an account's default bus, as if AWS had sent it. */
  emit(event: AwsEvent): Promise<void>;
  /** Makes an IAM access key look as if made so many days ago, which no call on AWS can. */
  backdate(key: KeyAge): Promise<void>;
  /** Changes how late, and how often, events arrive. */
  setTrail(settings: TrailSettings): Promise<void>;
  /** Waits until every event and evaluation that is under way has been delivered. */
  settled(): Promise<void>;
  status(): Promise<Status>;
}

/** The door's methods, by which HTTP reaches them. */
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
