import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ADMIN_METHODS, type AdminApi } from './admin-api.ts';
import { jsonAnswer } from './answer.ts';
import type { Outcome } from './handle.ts';
import type { Answer, WireRequest } from './types.ts';
import { parseJson } from './values.ts';

/** The path prefix of the admin API, beside the paths of AWS calls. */
export const ADMIN_PATH = '/_evenkeel/';

/** Serves AWS's calls and the gateway's own admin on loopback. */
export async function serve(
  port: number,
  admin: AdminApi,
  handle: (request: WireRequest, sourceIp: string) => Promise<Outcome>,
): Promise<Server> {
  const server = createServer((incoming, outgoing) => {
    void answerTo(incoming, outgoing, admin, handle);
  });
  // Lambda workers and SDKs reuse connections; a short idle limit would close them just before reuse.
  server.keepAliveTimeout = 75_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return server;
}

/** The URL of a listening server. */
export function urlOf(server: Server): string {
  const { port } = server.address() as AddressInfo; // it listens on a port, never on a pipe
  return `http://127.0.0.1:${port}`;
}

async function answerTo(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  admin: AdminApi,
  handle: (request: WireRequest, sourceIp: string) => Promise<Outcome>,
): Promise<void> {
  try {
    const request = await readRequest(incoming);
    if (request.path.startsWith(ADMIN_PATH)) return reply(outgoing, incoming, await answerAdmin(admin, request));
    const outcome = await handle(request, incoming.socket.remoteAddress ?? '127.0.0.1');
    if ('answer' in outcome) return reply(outgoing, incoming, outcome.answer);
    if (outcome.silence === 0) return void incoming.socket.destroy();
    const waiting = setTimeout(() => incoming.socket.destroy(), outcome.silence * 1000);
    incoming.socket.once('close', () => clearTimeout(waiting));
  } catch (error) {
    const message = `The sandbox's gateway failed: ${error instanceof Error ? error.message : error}`;
    reply(outgoing, incoming, jsonAnswer(502, { __type: 'SandboxGatewayFailure', message }, ''));
  }
}

async function readRequest(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const target = incoming.url ?? '/';
  const [path = '/', query = ''] = target.split(/\?(.*)/s);
  return {
    method: incoming.method ?? 'GET',
    target,
    path,
    query: new URLSearchParams(query),
    headers: incoming.headers,
    body: Buffer.concat(chunks),
  };
}

function reply(outgoing: ServerResponse, incoming: IncomingMessage, { status, headers, body }: Answer): void {
  const { connection: _, 'keep-alive': __, 'transfer-encoding': ___, 'content-length': length, ...kept } = headers;
  // The answer to HEAD has no body, but the length of one.
  const size = incoming.method === 'HEAD' ? length : String(body.length);
  outgoing.writeHead(status, { ...kept, ...(size && status !== 204 && { 'content-length': size }) });
  outgoing.end(body);
}

async function answerAdmin(admin: AdminApi, { path, query, method, body }: WireRequest): Promise<Answer> {
  const asked = path.slice(ADMIN_PATH.length);
  const known = ADMIN_METHODS.find((name) => name === asked);
  if (!known) return jsonAnswer(404, { error: `Unknown method ${asked}. Available: ${ADMIN_METHODS.join(', ')}` }, '');
  const argument = method === 'GET' ? fromQuery(query) : parseJson(body);
  try {
    const act: (argument: never) => Promise<unknown> = admin[known];
    return jsonAnswer(200, (await act(argument as never)) ?? null, ''); // what came over HTTP has no type yet
  } catch (error) {
    return jsonAnswer(400, { error: error instanceof Error ? error.message : String(error) }, '');
  }
}

function fromQuery(query: URLSearchParams): Record<string, unknown> {
  const { since, ...rest } = Object.fromEntries(query);
  return { ...rest, ...(since && { since: Number(since) }) };
}
