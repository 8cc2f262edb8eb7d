import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { hub, organization } from './accounts.ts';

const sandbox = fileURLToPath(new URL('.', import.meta.url));
const state = join(sandbox, '..', '.sandbox');

/** The options of the emulators. */
export interface EmulatorOptions {
  /** The endpoint of Lambda functions and of CloudFormation's AWS Config types, and the host in queue URLs. */
  readonly gatewayUrl: URL;
  /** The scale of Wait states: 0.1 waits a tenth of their seconds. */
  readonly waitScale?: number;
  /** The prefix of the log files' names, for runs at the same time. */
  readonly logPrefix?: string;
}

/** Two running emulators. They end with `stop` or with the process that started them. */
export interface Emulators {
  readonly ministack: URL;
  readonly moto: URL;
  stop(): Promise<void>;
}

/** Starts MiniStack with its plugin and moto on free loopback ports, and waits until both answer. */
export async function startEmulators(options: EmulatorOptions): Promise<Emulators> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  // Node workers crash silently below a package.json with "type": "module".
  writeFileSync(join(folder, 'package.json'), '{}');
  mkdirSync(state, { recursive: true });
  const [ministackPort, motoPort] = await freePorts();
  const ministack = new URL(`http://127.0.0.1:${ministackPort}`);
  const moto = new URL(`http://127.0.0.1:${motoPort}`);
  const env = environment(options, folder, ministackPort);
  const log = (name: string) => join(state, `${options.logPrefix ?? ''}${name}.log`);
  const motoArguments = [join('plugin', 'moto_server.py'), '-H', '127.0.0.1', '-p', String(motoPort)];
  const started = [
    startPython('MiniStack', ['plugin'], env, new URL('/_ministack/ready', ministack), log('ministack')),
    startPython('moto', motoArguments, env, new URL('/moto-api/', moto), log('moto')),
  ];
  const stop = async () => {
    await Promise.all(started.map(({ child }) => end(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await Promise.all(started.map(({ ready }) => ready));
  } catch (error) {
    await stop();
    throw error;
  }
  return { ministack, moto, stop };
}

/** A new environment: the caller's credentials, proxies and NODE_OPTIONS would change the emulators' behavior. */
function environment(options: EmulatorOptions, folder: string, listen: number): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    TMPDIR: folder,
    PYTHONDONTWRITEBYTECODE: '1',
    AUTH: 'true',
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    GATEWAY_PORT: options.gatewayUrl.port,
    EVENKEEL_LISTEN: String(listen),
    EVENKEEL_GATEWAY: options.gatewayUrl.href,
    EVENKEEL_ORGANIZATION: organization,
    MINISTACK_ACCOUNT_ID: hub.account,
    MINISTACK_REGION: hub.region,
    AWS_DEFAULT_REGION: hub.region,
    AWS_ENDPOINT_URL: options.gatewayUrl.href,
    LAMBDA_ACCOUNT_CONCURRENCY: '6',
    SFN_WAIT_SCALE: String(options.waitScale ?? 1),
    SFTP_ENABLED: '0',
    IOT_MTLS_ENABLED: '0',
  };
}

function startPython(name: string, args: string[], env: NodeJS.ProcessEnv, health: URL, log: string) {
  const python = join(state, 'venv', 'bin', 'python');
  const output = openSync(log, 'w');
  // In its own process group, so that Ctrl-C reaches only the caller, which still needs the emulators.
  const child = spawn(python, args, { cwd: sandbox, env, stdio: ['pipe', output, output], detached: true });
  return { child, ready: untilHealthy(name, child, health, log) };
}

async function untilHealthy(name: string, child: ChildProcess, health: URL, log: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    if (failure) throw new Error(`${name} did not start: ${failure.message}. Run: node sandbox/setup.mjs`);
    if (child.exitCode !== null) break;
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.ok) return;
  }
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join('\n');
  throw new Error(`${name} did not start. The log ${log} ends with:\n${last}`);
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.stdin?.end();
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}

async function freePorts(): Promise<[number, number]> {
  const [first, second] = [createServer(), createServer()];
  // Both are open until both are known: the system could assign a closed port again.
  const ports: [number, number] = [await listen(first), await listen(second)];
  await Promise.all([first, second].map((server) => once(server.close(), 'close')));
  return ports;
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port');
  return address.port;
}
