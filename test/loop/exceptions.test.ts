import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { S3 } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { hub, rootOf } from '../../sandbox/accounts.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { controlOf, inspector, liveVerdict, localAws } from './local-aws.ts';

const control = controlOf('s3-block-public-access');
const writes = {
  action: 'PutPublicAccessBlock',
  arn: `.*:assumed-role/${names.repairRole(control.id)}/.*`,
};

/** Creates a bucket that sandbox/exceptions.yaml names. */
async function made(name: string): Promise<Prepared> {
  const prepared = await prepare(localAws, control, hub, name);
  await inspector.quiet();
  await localAws.gateway.clearCalls();
  return prepared;
}

describe('live', () => {
  it('an exception exempts its resource each time, with a record and without a write', async () => {
    const prepared = await made('exempt-active');
    for (const _again of [1, 2]) {
      const { row, records } = await breakAndWait(inspector, prepared);
      expect(row.conclusion).toMatchObject({
        outcome: 'exempt',
        reason: expect.stringMatching(
          /exempt-bucket, approved by security@example\.com \(SANDBOX-1\), until 2099-12-31/,
        ),
      });
      const exception = { id: 'exempt-bucket', owner: 'platform-team', approver: 'security@example.com' };
      expect(records).toMatchObject([
        { phase: 'plan', exception, verdict: { violation: expect.any(String) } },
        { phase: 'outcome', exception, outcome: 'exempt' },
      ]);
      await inspector.quiet();
    }
    expect(await localAws.gateway.calls(writes)).toEqual([]);
    expect(await liveVerdict(prepared)).not.toBe('compliant');
  });

  it('an expired exception does not apply', async () => {
    const prepared = await made('exempt-expired');
    const { row, records } = await breakAndWait(inspector, prepared);
    expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(records.map(({ exception }) => exception)).toEqual([undefined, undefined]);
    expect(await liveVerdict(prepared)).toBe('compliant');
  });
});

/** The command as a person runs it, in the hub's account and region. */
const evenkeel = (args: readonly string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/evenkeel.ts', ...args], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: localAws.gateway.url,
      AWS_REGION: hub.region,
      AWS_ACCESS_KEY_ID: rootOf(hub.account).accessKeyId,
      AWS_SECRET_ACCESS_KEY: rootOf(hub.account).secretAccessKey,
    },
  });

describe('the published exceptions', () => {
  const s3 = new S3({ endpoint: localAws.gateway.url, region: hub.region, credentials: rootOf(hub.account) });

  it('are the deployed ones, at the address in the output of the stack', async () => {
    const { Exceptions = '' } = localAws.deployment.outputs['evenkeel-hub'] ?? {};
    const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/(.+)$/.exec(Exceptions) ?? [];
    const { Body } = await s3.getObject({ Bucket, Key });
    const published = JSON.parse((await Body?.transformToString()) ?? '{}');
    expect(published).toMatchObject({ schema: 'evenkeel.exceptions/v1', commit: expect.any(String) });
    expect(published.exceptions.map(({ id }: { id: string }) => id)).toEqual(['exempt-bucket', 'expired-bucket']);
  });

  it('are downloaded to the file that the gate reads', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenkeel-pull-'));
    try {
      const output = join(folder, '.evenkeel', 'exceptions.json');
      const { stdout } = await evenkeel(['exceptions', 'pull', '--output', output]);
      expect(stdout).toMatch(/exceptions\.json: 2 exceptions from s3:\/\/.*\/exceptions\.json\.\n$/);
      const { Exceptions = '' } = localAws.deployment.outputs['evenkeel-hub'] ?? {};
      const published = readFileSync(output, 'utf8');
      await expect(evenkeel(['exceptions', 'pull', `${Exceptions}x`, '--output', output])).rejects.toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/Cannot download .* Use the address in the output Exceptions of the hub stack/),
      });
      expect(readFileSync(output, 'utf8')).toBe(published);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
