import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { IAM } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openFolder } from '../../lib/audit/folder.ts';
import { verify } from '../../lib/audit/verify.ts';
import { governed, hub, rootOf } from '../../sandbox/accounts.ts';
import { breakAndWait, prepare } from '../../sandbox/breakage.ts';
import { filesOf, groundOf, put, showsAll } from '../audit/tampering.ts';
import { Bucket, publicKey, recordKeys, runDigest } from './vault.ts';
import { controlOf, eye, freshName, world } from './world.ts';

const root = mkdtempSync(join(tmpdir(), 'evenkeel-'));
const [folder, pem] = [join(root, 'export'), join(root, 'export', 'public-key.pem')];
const run = promisify(execFile);
let auditor: Record<string, string>;

/** Somebody who may do no more than the help says an auditor needs. */
async function makeAuditor(): Promise<Record<string, string>> {
  const iam = new IAM({ endpoint: world.gateway.url, region: 'us-east-1', credentials: rootOf(hub.account) });
  const UserName = freshName('auditor');
  const Action = [
    's3:ListBucketVersions',
    's3:GetObjectVersion',
    's3:GetObjectRetention',
    'kms:Decrypt',
    'kms:GetPublicKey',
    'cloudformation:DescribeStacks',
  ];
  const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] };
  await iam.createUser({ UserName });
  await iam.putUserPolicy({ UserName, PolicyName: 'audit', PolicyDocument: JSON.stringify(policy) });
  const { AccessKey } = await iam.createAccessKey({ UserName });
  return {
    PATH: String(process.env.PATH),
    AWS_ENDPOINT_URL: world.gateway.url,
    AWS_REGION: hub.region,
    AWS_ACCESS_KEY_ID: String(AccessKey?.AccessKeyId),
    AWS_SECRET_ACCESS_KEY: String(AccessKey?.SecretAccessKey),
  };
}

/** The command line, with what it is called by: its output, or what it said when it failed. */
async function evenkeel(env: Record<string, string>, ...args: string[]) {
  try {
    const { stdout } = await run('node', ['--import', 'tsx', 'bin/evenkeel.ts', 'evidence', ...args], { env });
    return { status: 0, stdout };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && 'stdout' in error && 'stderr' in error)) throw error;
    return { status: error.code, stdout: `${error.stdout}${error.stderr}` };
  }
}

async function repairOne(): Promise<void> {
  const prepared = await prepare(world, controlOf('s3-block-public-access'), governed[0] ?? hub, freshName('evidence'));
  await eye.quiet();
  await breakAndWait(eye, prepared);
  await eye.quiet();
}

beforeAll(async () => {
  auditor = await makeAuditor();
  for (let turn = 0; turn < 3; turn++) {
    await repairOne();
    if (turn < 2) await runDigest();
  }
}, 300_000);
afterAll(() => rmSync(root, { recursive: true }));

describe('the evidence of real repairs', () => {
  it('is exported with an auditor’s rights alone, and all of it', async () => {
    const { status, stdout } = await evenkeel(auditor, 'export', folder);
    expect(stdout).toMatch(new RegExp(`\\d+ objects of s3://${Bucket}`));
    expect(status).toBe(0);
    const files = filesOf(folder);
    expect([...files.keys()].filter((key) => key.startsWith('evidence/')).sort()).toEqual((await recordKeys()).sort());
    expect(readFileSync(pem, 'utf8')).toBe((await publicKey()).export({ format: 'pem', type: 'spki' }));
  });

  it('is brought once only', async () => {
    expect((await evenkeel(auditor, 'export', folder)).stdout).toContain('0 of them new.');
  });

  it('is whole in the folder, with no access to AWS', async () => {
    const { status, stdout } = await evenkeel(
      { PATH: String(process.env.PATH) },
      'verify',
      folder,
      '--public-key',
      pem,
    );
    expect(stdout).toContain('whole. Nothing was taken out, added or altered.');
    expect(stdout).toMatch(/Everything is locked until 20\d\d-/);
    expect(status).toBe(0);
  });

  it('is whole in the vault itself', async () => {
    const { status, stdout } = await evenkeel(
      auditor,
      'verify',
      `s3://${Bucket}`,
      '--public-key',
      pem,
      '--format',
      'json',
    );
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'whole', vault: Bucket, findings: [] });
    expect(JSON.parse(stdout).lockedUntil).toMatch(/^20\d\d-/);
    expect(status).toBe(0);
  });

  it('shows every one of 1000 alterations, and blames nothing else', { timeout: 600_000 }, async () => {
    const keys = [await publicKey()];
    await showsAll(folder, 1000, async () => verify(await openFolder(folder), { keys, now: new Date(), maxAge: 0 }));
  });

  it('tells the auditor what was done to a record, by the command', async () => {
    const [key = ''] = groundOf(filesOf(folder)).records;
    put(folder, new Map([[key, Buffer.from('{}')]]));
    const { status, stdout } = await evenkeel(
      { PATH: String(process.env.PATH) },
      'verify',
      folder,
      '--public-key',
      pem,
    );
    expect(stdout).toContain(`  ${key}\n      Its bytes are not those that digest`);
    expect(status).toBe(1);
  });
});
