import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const out = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(out, { recursive: true }));

/** Synthesises the violating app as a user would, outside the test runner, which CDK treats differently. */
function synth(acknowledge: string) {
  const env = { PATH: process.env.PATH, CDK_VALIDATION: 'false', CDK_OUTDIR: out, ACKNOWLEDGE: acknowledge };
  return spawnSync('node', ['--import', 'tsx', 'test/aspects/fixtures/violating-app.ts'], { env, encoding: 'utf8' });
}

it('a plain synthesis of a violating app exits with 1 and says what is wrong, where, and what to do', () => {
  const { status, stderr } = synth('');
  expect(status).toBe(1);
  for (const part of [
    's3-block-public-access: Public access is not blocked',
    'Properties.PublicAccessBlockConfiguration',
    'Shop/Invoices',
    'Suggested fix: set Properties.PublicAccessBlockConfiguration to',
    'owner-tags: The tag "owner" is missing',
  ])
    expect(stderr).toContain(part);
});

it('still exits with 1 when one of the two findings is acknowledged', () => {
  const { status, stderr } = synth('s3-block-public-access');
  expect(status).toBe(1);
  expect(stderr).toContain('FATAL s3-block-public-access');
  expect(stderr).toContain('ERROR owner-tags');
});
