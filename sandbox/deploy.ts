import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { accounts, type Credentials, governed, hub, rootOf } from './accounts.ts';
import { makeDeployer } from './users.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The options of a deployment. */
export interface DeployOptions {
  readonly gatewayUrl: URL;
  /** The command that synthesizes the app, run in `folder`. Default: the project's own app. */
  readonly app?: string;
  readonly folder?: string;
  /** CDK context for the synthesis. */
  readonly context?: Readonly<Record<string, string>>;
  /** Settings that the app reads from its environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** The prefix of the log files' names, for runs at the same time. */
  readonly logPrefix?: string;
  /** Called with a line at the start and the end of each step. */
  readonly onStep?: (line: string) => void;
}

/** The outputs of each stack, and the seconds of each step. */
export interface Deployment {
  readonly outputs: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly seconds: Readonly<Record<'prepare' | 'deploy', number>>;
}

/** Bootstraps every account and region and deploys all stacks of an app with the real CDK CLI. */
export async function deploy(options: DeployOptions): Promise<Deployment> {
  const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-cdk-'));
  const report = options.onStep ?? (() => {});
  try {
    const assembly = join(scratch, 'cdk.out');
    const prepared = timer();
    report('cdk synth, and cdk bootstrap of each account and region');
    const [deployer] = await Promise.all([
      makeDeployer(options.gatewayUrl),
      cdk(options, scratch, 'synth', [
        'synth',
        '--quiet',
        '--app',
        appOf(options),
        '--output',
        assembly,
        ...contextOf(options),
      ]),
      ...accounts.map((account) => bootstrap(options, scratch, account)),
    ]);
    const seconds = { prepare: prepared(), deploy: 0 };
    report(`cdk deploy --all (prepared in ${seconds.prepare} s)`);
    const deployed = timer();
    const outputs = join(scratch, 'outputs.json');
    const how = ['--all', '--concurrency', '4', '--require-approval', 'never', '--outputs-file', outputs];
    await cdk(options, scratch, 'deploy', ['deploy', ...how, '--app', assembly], deployer);
    seconds.deploy = deployed();
    report(`deployed in ${seconds.deploy} s`);
    return { outputs: JSON.parse(readFileSync(outputs, 'utf8')), seconds };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function contextOf({ context = {} }: DeployOptions): string[] {
  return Object.entries(context).flatMap(([key, value]) => ['--context', `${key}=${value}`]);
}

function appOf(options: DeployOptions): string {
  return options.app ?? 'node --import tsx bin/app.ts';
}

/** Bootstraps an account as its owner does. The other accounts trust the hub's account to deploy. */
function bootstrap(options: DeployOptions, scratch: string, account: string): Promise<void> {
  const places = governed
    .filter((place) => place.account === account)
    .map((place) => `aws://${account}/${place.region}`);
  const trust = account === hub.account ? [] : ['--trust', hub.account];
  const execution = ['--cloudformation-execution-policies', 'arn:aws:iam::aws:policy/AdministratorAccess'];
  return cdk(
    // In a folder with a cdk.json, every bootstrap would synthesize the app first, all into one folder.
    { ...options, folder: scratch },
    scratch,
    `bootstrap-${account}`,
    ['bootstrap', ...places, ...trust, ...execution],
    rootOf(account),
  );
}

/** Runs the CDK CLI with its own home folder, because it caches the account of an access key. */
async function cdk(options: DeployOptions, scratch: string, name: string, args: string[], as?: Credentials) {
  const cli = join(root, 'node_modules', 'aws-cdk', 'bin', 'cdk');
  const home = join(scratch, `home-${name}`);
  mkdirSync(home);
  const log = join(root, '.sandbox', `${options.logPrefix ?? ''}cdk-${name}.log`);
  mkdirSync(join(root, '.sandbox'), { recursive: true });
  const child = spawn(process.execPath, [cli, ...args, '--no-notices', '--no-color', '--ci'], {
    cwd: options.folder ?? root,
    env: { ...environment(options.gatewayUrl, home, as), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = createWriteStream(log);
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  await new Promise<void>((resolve) => output.end(resolve));
  if (code === 0) return;
  const last = readFileSync(log, 'utf8').trim().split('\n').slice(-12).join('\n');
  throw new Error(`cdk ${args[0]} failed with exit code ${code}. The log ${log} ends with:\n${last}`);
}

function environment(gatewayUrl: URL, home: string, as?: Credentials): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    TMPDIR: process.env.TMPDIR,
    HOME: home,
    CDK_HOME: home,
    AWS_ENDPOINT_URL: gatewayUrl.href,
    AWS_REGION: hub.region,
    AWS_ACCESS_KEY_ID: as?.accessKeyId,
    AWS_SECRET_ACCESS_KEY: as?.secretAccessKey,
    AWS_EC2_METADATA_DISABLED: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    CDK_DISABLE_CLI_TELEMETRY: 'true',
  };
}

function timer(): () => number {
  const start = performance.now();
  return () => Math.round((performance.now() - start) / 100) / 10;
}
