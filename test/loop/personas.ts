import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { type Credentials, hub } from '../../sandbox/accounts.ts';
import { decisionApi, type Row } from '../../sandbox/inspector.ts';
import { inspector, localAws } from './local-aws.ts';

const { gateway } = localAws;
const run = promisify(execFile);
/** Runs the command line with the keys of a person or, without keys, without access to AWS. */
export async function evenkeel(
  who: Credentials | undefined,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const env = {
    PATH: process.env.PATH,
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ...(who && {
      AWS_ENDPOINT_URL: gateway.url,
      AWS_REGION: hub.region,
      AWS_ACCESS_KEY_ID: who.accessKeyId,
      AWS_SECRET_ACCESS_KEY: who.secretAccessKey,
      ...(who.sessionToken && { AWS_SESSION_TOKEN: who.sessionToken }),
      EVENKEEL_API: decisionApi(localAws),
    }),
  };
  try {
    const { stdout } = await run(process.execPath, ['--import', 'tsx', 'bin/evenkeel.ts', ...args], { env });
    return { code: 0, text: stdout };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, text: stdout + stderr };
  }
}

/** The execution that has waited for approval of a repair of the resource since a time. */
export async function asking(control: string, id: string, since: Date): Promise<Row> {
  const find = async () =>
    (await inspector.executions(control, id)).find(
      ({ phase, admittedAt }) => phase === 'awaiting-approval' && new Date(admittedAt) >= since,
    );
  await expect.poll(find, { timeout: 30_000, interval: 100 }).toBeDefined();
  const row = await find();
  if (!row) throw new Error('No execution waits for approval.');
  return row;
}
