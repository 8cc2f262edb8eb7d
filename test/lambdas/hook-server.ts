import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from 'vitest';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const answers = new Map<string, Answer>();
const server = createServer((request, response) => answers.get(request.url ?? '')?.(request, response));
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
afterAll(() => server.close().closeAllConnections());

let made = 0;

/** Serves a payload as S3 does behind a presigned URL, and returns the URL. */
export function served(answer: Answer | { readonly [name: string]: unknown }): string {
  const path = `/payload-${++made}`;
  answers.set(path, typeof answer === 'function' ? answer : (_, response) => response.end(JSON.stringify(answer)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`; // it listens on TCP
}
