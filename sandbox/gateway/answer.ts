import { shapeOf } from './models.ts';
import type { Answer, Call } from './types.ts';
import { list, type Params, parseJson, record, text } from './values.ts';
import { fromXml, parseXml } from './xml.ts';

/** An error as a service returns it. */
export interface AwsError {
  code: string;
  message: string;
}

/** Reads a call's result by its model; empty if it has none. */
export function outputOf(call: Call, { body }: Answer): Params {
  if (!body.length || !call.operation.output) return {};
  if (call.protocol === 'json' || call.protocol === 'rest-json') return record(parseJson(body));
  if (call.protocol === 'cbor') return {};
  const root = record(parseXml(body.toString()));
  const wrapper = call.operation.output.resultWrapper;
  const node = call.protocol === 'query' && wrapper ? list(root[wrapper])[0] : root;
  return record(fromXml(node, shapeOf(call.model, call.operation.output), call.model));
}

/** Reads the error of a failed call; `undefined` if the call succeeded. */
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
  // Some services write a code as `com.amazonaws.dynamodb#ThrottlingException:http://…`.
  return { code: code.split('#').at(-1)?.split(':')[0] ?? code, message };
}

/** Makes an error answer in the call's protocol. */
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

/** Makes a JSON answer. */
export function jsonAnswer(
  status: number,
  body: unknown,
  requestId: string,
  more: Record<string, string> = {},
): Answer {
  const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': requestId, ...more };
  return { status, headers, body: Buffer.from(JSON.stringify(body)) };
}
