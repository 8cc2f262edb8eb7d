import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const out = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(out, { recursive: true }));

/** Synthesizes the violating app like a user, outside the test runner, which CDK treats differently. */
function synth(acknowledge: string) {
  const env = { PATH: process.env.PATH, CDK_VALIDATION: 'false', CDK_OUTDIR: out, ACKNOWLEDGE: acknowledge };
  return spawnSync('node', ['--import', 'tsx', 'test/aspects/fixtures/violating-app.ts'], { env, encoding: 'utf8' });
}

it('the synthesis of an app with violations exits with 1 and shows problem, place and fix', () => {
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

it('it also exits with 1 if one of two findings is acknowledged', () => {
  const { status, stderr } = synth('s3-block-public-access');
  expect(status).toBe(1);
  expect(stderr).toContain('FATAL s3-block-public-access');
  expect(stderr).toContain('ERROR owner-tags');
});
