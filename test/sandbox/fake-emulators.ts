import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Gateway, type GatewayOptions, startGateway } from '../../sandbox/gateway/index.ts';

/** A request that a fake emulator received. */
export interface ReceivedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The response of a fake emulator; `undefined` for an empty 200. */
export type Responding = (request: ReceivedRequest) => { status?: number; body?: string } | undefined;

/** Two fake emulators behind a real gateway, with the requests that they received. */
export interface GatewaySetup {
  gateway: Gateway;
  /** The calls to MiniStack, without the gateway's own requests and events. */
  ministack: ReceivedRequest[];
  moto: ReceivedRequest[];
  /** The published events. */
  events: { account: string; region: string; source: string; detailType: string; detail: Record<string, never> }[];
  /** The gateway's authorization requests. */
  rights: ReceivedRequest[];
  stop(): Promise<void>;
}

const USERS: Record<string, string> = { AKIAUSER: 'alice', AKIAROOT: 'root' };

/** Client settings of an IAM user, `alice` of 111111111111, in eu-west-1. */
export function alice({ gateway }: GatewaySetup) {
  return settings(gateway, 'AKIAUSER');
}

/** Client settings of an IAM user of 111111111111 with the name `root`. */
export function rootByName({ gateway }: GatewaySetup) {
  return settings(gateway, 'AKIAROOT');
}

/** Client settings of the root of 111111111111. */
export function root({ gateway }: GatewaySetup) {
  return settings(gateway, '111111111111');
}

function settings(gateway: Gateway, accessKeyId: string) {
  return {
    endpoint: gateway.url,
    region: 'eu-west-1',
    maxAttempts: 1,
    credentials: { accessKeyId, secretAccessKey: 'secret' },
  };
}

/** Starts a gateway in front of two fake emulators. */
export async function startGatewayOnFakes(
  responses: { ministack?: Responding; moto?: Responding; may?: Responding },
  options: Partial<GatewayOptions> = {},
): Promise<GatewaySetup> {
  const ministack: ReceivedRequest[] = [];
  const moto: ReceivedRequest[] = [];
  const rights: ReceivedRequest[] = [];
  const events: GatewaySetup['events'] = [];
  const first = await fakeEmulator((request) => {
    const { headers, body } = request;
    if (headers['x-evenkeel-identity-of']) return identity(String(headers['x-evenkeel-identity-of']));
    if (headers['x-evenkeel-trail']) {
      const [account = '', , region = ''] = (/Credential=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '').split(
        '/',
      );
      for (const entry of JSON.parse(body).Entries) {
        const detail = JSON.parse(entry.Detail);
        events.push({ account, region, source: entry.Source, detailType: entry.DetailType, detail });
      }
      return { body: '{"FailedEntryCount":0,"Entries":[]}' };
    }
    if (headers['x-evenkeel-authorize-only']) {
      rights.push(request);
      return responses.may?.(request) ?? { status: 204 };
    }
    ministack.push(request);
    return responses.ministack?.(request);
  });
  const second = await fakeEmulator((request) => {
    moto.push(request);
    return responses.moto?.(request);
  });
  const gateway = await startGateway({ ministack: () => first.url, moto: () => second.url, ...options });
  const stop = async () => {
    await gateway.stop();
    first.stop();
    second.stop();
  };
  return { gateway, ministack, moto, events, rights, stop };
}

function identity(key: string) {
  const name = USERS[key];
  if (!name) return { status: 404, body: '{}' };
  const arn = `arn:aws:iam::111111111111:user/${name}`;
  return { body: JSON.stringify({ arn, userId: `AIDA${name.toUpperCase()}` }) };
}

async function fakeEmulator(answer: Responding) {
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const { method = '', url = '', headers } = incoming;
    const { status = 200, body = '' } =
      answer({ method, path: url, headers, body: Buffer.concat(chunks).toString() }) ?? {};
    outgoing.writeHead(status, { 'x-amzn-requestid': 'request-1' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, never on a pipe
  return {
    url: new URL(`http://127.0.0.1:${port}`),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
