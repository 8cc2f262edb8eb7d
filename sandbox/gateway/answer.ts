import type { IncomingHttpHeaders } from 'node:http';
import { shapeOf } from './models.ts';
import { list, type Params, parseJson, record, text } from './values.ts';
import type { Call } from './wire.ts';
import { fromXml, parseXml } from './xml.ts';

/** One HTTP answer, its body read. */
export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** What went wrong, in the service's own words. */
export interface AwsError {
  code: string;
  message: string;
}

/** Reads a call's result by its model; empty where there is nothing to read. */
export function outputOf(call: Call, { body }: Answer): Params {
  if (!body.length || !call.operation.output) return {};
  if (call.protocol === 'json' || call.protocol === 'rest-json') return record(parseJson(body));
  if (call.protocol === 'cbor') return {};
  const root = record(parseXml(body.toString()));
  const wrapper = call.operation.output.resultWrapper;
  const node = call.protocol === 'query' && wrapper ? list(root[wrapper])[0] : root;
  return record(fromXml(node, shapeOf(call.model, call.operation.output), call.model));
}

/** Reads the error of a refused or failed call; undefined where the call went well. */
export function errorOf({ status, headers, body }: Answer): AwsError | undefined {
  if (status < 400) return undefined;
  const json = record(parseJson(body));
  const source = body.toString();
  const code =
    text(headers['x-amzn-errortype']) ??
    text(json.__type) ??
    text(json.code) ??
    /<Code>([^<]+)/.exec(source)?.[1] ??
    String(status);
  const message = text(json.message) ?? text(json.Message) ?? /<Message>([^<]*)/.exec(source)?.[1] ?? '';
  // `com.amazonaws.dynamodb#ThrottlingException:http://…` is how some services write a code.
  return { code: code.split('#').at(-1)?.split(':')[0] ?? code, message };
}

/** Writes an error in the shape of the call's protocol, as the service would. */
export function errorAnswer(call: Pick<Call, 'protocol'>, status: number, error: AwsError, requestId: string): Answer {
  const { code, message } = error;
  if (call.protocol === 'json' || call.protocol === 'rest-json' || call.protocol === 'cbor') {
    return jsonAnswer(status, { __type: code, message }, requestId, { 'x-amzn-errortype': code });
  }
  const inner = `<Code>${code}</Code><Message>${message}</Message>`;
  const bodies = {
    'rest-xml': `<Error>${inner}<RequestId>${requestId}</RequestId></Error>`,
    ec2: `<Response><Errors><Error>${inner}</Error></Errors><RequestID>${requestId}</RequestID></Response>`,
    query: `<ErrorResponse><Error><Type>Sender</Type>${inner}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
  const headers = { 'content-type': 'text/xml', 'x-amzn-requestid': requestId, 'x-amz-request-id': requestId };
  return { status, headers, body: Buffer.from(bodies[call.protocol]) };
}

/** Writes a JSON answer as AWS's JSON services do. */
export function jsonAnswer(
  status: number,
  body: unknown,
  requestId: string,
  more: Record<string, string> = {},
): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId, ...more };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}
