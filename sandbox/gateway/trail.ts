import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorOf, outputOf } from './answer.ts';
import { eventNameOf, trailRegion } from './trail-names.ts';
import { requestParameters, responseElements } from './trail-shapes.ts';
import type { Answer, AwsEvent, Call, Caller, TrailSettings, WireRequest } from './types.ts';
import { type Params, text } from './values.ts';

/** A finished call. */
export interface Finished {
  call: Call;
  caller: Caller;
  request: WireRequest;
  answer: Answer;
  requestId: string;
  /** The caller's IP address. */
  sourceIp: string;
}

/** Makes the CloudTrail event of a call. */
export function trailEvent(finished: Finished): AwsEvent {
  const { call, caller } = finished;
  const region = trailRegion(call);
  const detail = trailRecord(finished, region);
  return {
    account: caller.account,
    region,
    source: `aws.${call.model.prefix}`,
    detailType: 'AWS API Call via CloudTrail',
    detail,
    time: String(detail.eventTime),
  };
}

/** Delivers an event with the delay and the repetition of the settings. */
export async function deliver(
  event: AwsEvent,
  { delay = 0, duplicate = 0, lost = false }: TrailSettings,
  send: (event: AwsEvent) => Promise<void>,
): Promise<void> {
  if (lost) return;
  if (delay) await sleep(delay);
  for (let n = 0; n <= duplicate; n++) await send(event);
}

function trailRecord({ call, caller, request, answer, requestId, sourceIp }: Finished, region: string): Params {
  const error = errorOf(answer);
  const bucket = text(call.params.Bucket);
  return {
    eventVersion: '1.11',
    userIdentity: caller.identity,
    eventTime: new Date().toISOString().replace(/\.\d+/, ''),
    eventSource: `${call.model.prefix}.amazonaws.com`,
    eventName: eventNameOf(call),
    awsRegion: region,
    sourceIPAddress: sourceIp,
    userAgent: `[${request.headers['user-agent'] ?? ''}]`,
    // EC2's codes name the side that is at fault.
    ...(error && {
      errorCode: call.service === 'ec2' ? `${answer.status < 500 ? 'Client' : 'Server'}.${error.code}` : error.code,
      errorMessage: error.message,
    }),
    requestParameters: requestParameters(call, request.headers.host ?? '', request.query),
    responseElements: error ? null : responseElements(call, outputOf(call, answer), requestId),
    requestID: requestId,
    eventID: randomUUID(),
    readOnly: false,
    ...(bucket && {
      resources: [{ accountId: caller.account, type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${bucket}` }],
    }),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: caller.account,
    eventCategory: 'Management',
  };
}
