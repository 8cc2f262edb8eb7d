import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { Answer, AwsEvent, KeyAge, WireRequest } from './types.ts';

/** The emulators behind the gateway. */
export interface Upstream {
  /** Forwards a caller's request with additional headers. */
  forward(to: URL, request: WireRequest, more: Record<string, string>): Promise<Answer>;
  /** Calls MiniStack as an account's root, without log and faults. */
  asRoot(call: RootCall): Promise<Answer>;
  close(): void;
}

/** A call by the gateway itself. */
interface RootCall {
  account: string;
  region: string;
  scope: string;
  path?: string;
  headers?: Record<string, string>;
  body: string;
  to?: URL;
}

// Hop-by-hop headers, and headers that the gateway sets itself.
const DROPPED = ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'content-length'];

/** Opens keep-alive connections to the emulators. */
export function openUpstream(ministack: () => URL): Upstream {
  const agent = new Agent({ keepAlive: true });
  return {
    forward(to, { method, target, headers, body }, more) {
      const kept = Object.entries(headers).filter(
        ([name]) => !DROPPED.includes(name) && !name.startsWith('x-evenkeel-'),
      );
      const sent = { ...Object.fromEntries(kept), 'x-forwarded-proto': 'https', ...more };
      return send(agent, to, method, target, sent, body);
    },
    asRoot({ account, region, scope, path = '/', headers = {}, body, to = ministack() }) {
      // MiniStack and moto accept a 12-digit key as the root of that account, with any secret.
      const authorization = `AWS4-HMAC-SHA256 Credential=${account}/20260101/${region}/${scope}/aws4_request, SignedHeaders=host, Signature=x`;
      const sent = { host: to.host, authorization, 'x-moto-account-id': account, ...headers };
      return send(agent, to, 'POST', path, sent, Buffer.from(body));
    },
    close: () => agent.destroy(),
  };
}

function send(
  agent: Agent,
  to: URL,
  method: string,
  path: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): Promise<Answer> {
  const length = body.length || !['GET', 'HEAD'].includes(method) ? { 'content-length': String(body.length) } : {};
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(
      { agent, host: to.hostname, port: to.port, method, path, headers: { ...headers, ...length } },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () =>
          resolve({ status: incoming.statusCode ?? 502, headers: incoming.headers, body: Buffer.concat(chunks) }),
        );
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      // The emulator closed an idle connection just before its reuse: the request never arrived.
      const closed = outgoing.reusedSocket && error.code === 'ECONNRESET';
      if (closed) resolve(send(agent, to, method, path, headers, body));
      else reject(error);
    });
    outgoing.end(body);
  });
}

/** Publishes an event as AWS does; rejects if the bus refuses it. */
export async function publish(upstream: Upstream, event: AwsEvent): Promise<void> {
  const { account, region, source, detailType, detail, resources = [], time } = event;
  const entry = {
    Source: source,
    DetailType: detailType,
    Detail: JSON.stringify(detail),
    Resources: resources,
    Time: time ? Date.parse(time) / 1000 : undefined,
  };
  const answer = await upstream.asRoot({
    account,
    region,
    scope: 'events',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSEvents.PutEvents',
      'x-evenkeel-trail': '1',
    },
    body: JSON.stringify({ Entries: [entry] }),
  });
  const result: { FailedEntryCount?: number } = answer.status < 400 ? JSON.parse(answer.body.toString()) : {};
  if (answer.status >= 400 || result.FailedEntryCount) {
    throw new Error(
      `The event bus of ${account} in ${region} refused an event of ${source}: ${answer.body.toString()}`,
    );
  }
}

/** Moves the creation date of an access key back, through the plugin; rejects if the account has no such key. */
export async function backdate(upstream: Upstream, { account, accessKeyId, days }: KeyAge): Promise<void> {
  if (!(days > 0)) throw new Error(`The age must be a positive number of days, not ${days}.`);
  const { status } = await upstream.asRoot({
    account,
    region: 'us-east-1',
    scope: 'iam',
    headers: {
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-evenkeel-backdate': `${accessKeyId} ${days}`,
    },
    body: 'Action=ListAccessKeys&Version=2010-05-08',
  });
  if (status !== 204) throw new Error(`Account ${account} has no access key ${accessKeyId}. Create the key first.`);
}
