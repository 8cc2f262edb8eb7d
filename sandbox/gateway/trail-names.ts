import { type Service, services } from '../../controls/services.ts';
import type { Call } from './types.ts';

const catalogue: { readonly [service: string]: Service } = services;

const READ =
  /^(Get|List|Describe|Head|BatchGet|Select|Search|Lookup|Query|Scan|Simulate|Validate|Test|Check|Estimate|Preview|Decode|Generate)/;

// Reads by CloudTrail's book, though their names do not say so.
const ALSO_READ: Record<string, RegExp> = {
  kms: /^(Encrypt|Decrypt|ReEncrypt|Sign|Verify)/,
  sts: /./,
  logs: /^(StartQuery|FilterLogEvents)/,
};

// Data events: CloudTrail does not send them to EventBridge by default.
const DATA: Record<string, RegExp> = {
  s3: /^((Get|Put|Delete|Copy|Head|Restore|Select|List)Objects?(V2|Versions|Tagging|Acl|Retention|LegalHold|Content)?$|.*MultipartUpload|UploadPart|PutObjectTagging)/,
  lambda: /^Invoke/,
  dynamodb: /(Item|Items|Statement|Transaction)$/,
  sqs: /^(Send|Receive|Delete|Change)Message/,
  sns: /^Publish/,
  kinesis: /^PutRecord/,
  logs: /^PutLogEvents/,
  events: /^PutEvents/,
  cloudwatch: /^PutMetricData/,
  xray: /./,
};

// Renamed operations of services that no control uses; controls/services.ts has the others.
const RENAMED: Record<string, Readonly<Record<string, string>>> = {
  s3control: {
    PutPublicAccessBlock: 'PutAccountPublicAccessBlock',
    DeletePublicAccessBlock: 'DeleteAccountPublicAccessBlock',
  },
  lambda: {
    CreateFunction: 'CreateFunction20150331',
    DeleteFunction: 'DeleteFunction20150331',
    UpdateFunctionCode: 'UpdateFunctionCode20150331v2',
    UpdateFunctionConfiguration: 'UpdateFunctionConfiguration20150331v2',
    AddPermission: 'AddPermission20150331v2',
    RemovePermission: 'RemovePermission20150331v2',
  },
};

const GLOBAL = ['iam', 'organizations', 'cloudfront', 'route53', 'account'];

/** Whether CloudTrail treats a call as a read. */
export function isRead({ service, action }: Call): boolean {
  return READ.test(action) || ALSO_READ[service]?.test(action) === true;
}

/** Whether AWS sends an event for a call to EventBridge: a management call that changes something. */
export function isTrailed(call: Call): boolean {
  return !isRead(call) && DATA[call.service]?.test(call.action) !== true;
}

/** CloudTrail's name of a call, which is not always the API's. */
export function eventNameOf({ service, action }: Call): string {
  return catalogue[service]?.events?.[action] ?? RENAMED[service]?.[action] ?? action;
}

/** The region in which CloudTrail records a call; global services have one region. */
export function trailRegion({ service, region }: Call): string {
  return GLOBAL.includes(service) ? 'us-east-1' : region;
}
