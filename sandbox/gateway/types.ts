import type { IncomingHttpHeaders } from 'node:http';
import type { Model, Operation } from './models.ts';
import type { Params } from './values.ts';

/** An HTTP request with its body. */
export interface WireRequest {
  method: string;
  /** Path and query as they arrived, because signatures cover them. */
  target: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** An HTTP response with its body. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** The key, region and service that a SigV4 signature names. */
export interface Signer {
  accessKey: string;
  region: string;
  scope: string;
}

/** The protocol of a request, which can differ from the first protocol of the service's model. */
type Protocol = 'json' | 'query' | 'ec2' | 'rest-json' | 'rest-xml' | 'cbor';

/** An operation and its parameters, as found in a model. */
export interface Named {
  action: string;
  params: Params;
  protocol: Protocol;
}

/** An AWS call with its operation and parameters. */
export interface Call extends Signer, Named {
  service: string;
  model: Model;
  operation: Operation;
}

/** The identity that made a call. */
export interface Caller {
  account: string;
  arn: string;
  /** The name of the role session or of the IAM user, or `root`. */
  session: string;
  /** CloudTrail's userIdentity. */
  identity: Params;
}

/** An event for an account's default event bus. */
export interface AwsEvent {
  account: string;
  region: string;
  source: string;
  detailType: string;
  detail: unknown;
  resources?: string[];
  time?: string;
}

/** The delay and the repetition of CloudTrail's events. */
export interface TrailSettings {
  /** Milliseconds between a call and its event. Default: 0. */
  delay?: number;
  /** How many more times each event is delivered after the first. Default: 0. */
  duplicate?: number;
  /** Whether events get lost: AWS delivers them on a best-effort basis. */
  lost?: boolean;
}

/** The age to give an access key. */
export interface KeyAge {
  account: string;
  accessKeyId: string;
  days: number;
}
