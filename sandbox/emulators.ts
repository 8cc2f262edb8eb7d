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

/** What a run of the emulators may be told. */
export interface EmulatorOptions {
  /** Where Lambda functions and CloudFormation's AWS Config types send their calls, and what stands in queue URLs. */
  readonly gatewayUrl: URL;
  /** How fast a Wait state passes: 0.1 waits a tenth of its seconds. */
  readonly waitScale?: number;
  /** Put before the names of the log files, so that runs side by side keep their own. */
  readonly logPrefix?: string;
}

/** Two running emulators that end with `stop`, and in any case with the process that started them. */
export interface Emulators {
  readonly ministack: URL;
  readonly moto: URL;
  stop(): Promise<void>;
}

/** Starts MiniStack, with the plugin, and moto on free ports of loopback, and waits until both answer. */
export async function startEmulators(options: EmulatorOptions): Promise<Emulators> {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  // Node workers die silently where a package.json further up says "type": "module".
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

/** Written from nothing: credentials, proxies and NODE_OPTIONS of the caller would change what the emulators do. */
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
  // In a group of its own, so that Ctrl-C reaches the caller alone, who may still have something to say.
  const child = spawn(python, args, { cwd: sandbox, env, stdio: ['pipe', output, output], detached: true });
  return { child, ready: untilHealthy(name, child, health, log) };
}

async function untilHealthy(name: string, child: ChildProcess, health: URL, log: string): Promise<void> {
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = error;
  });
  for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(50)) {
    if (failure) throw new Error(`${name} did not start (${failure.message}); run: node sandbox/setup.mjs`);
    if (child.exitCode !== null) break;
    const answer = await fetch(health).catch(() => undefined);
    if (answer?.ok) return;
  }
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-3).join('\n');
  throw new Error(`${name} did not start; see ${log}, which ends with:\n${last}`);
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
  // Both are held until both are known: a port set free could be given out again.
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
