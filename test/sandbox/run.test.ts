import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const npmTest = (...args: string[]) => spawnSync(process.execPath, ['test/run.mjs', ...args], { encoding: 'utf8' });

test('runs the tests of one control', () => {
  const { status, stdout } = npmTest('--control=sqs-encryption', '--reporter=json');
  expect(status).toBe(0);
  const { testResults } = JSON.parse(stdout.slice(stdout.indexOf('{"num')));
  const run = testResults
    .flatMap(({ assertionResults }: { assertionResults: object[] }) => assertionResults)
    .filter(({ status: result }: { status: string }) => result === 'passed');
  expect(run.length).toBeGreaterThan(20);
  for (const { fullName } of run) expect(fullName).toContain('sqs-encryption');
}, 60_000);

test('lists the ids for an unknown control', () => {
  const { status, stderr } = npmTest('--control', 'nope');
  expect(status).toBe(2);
  expect(stderr).toMatch(/^--control: unknown control "nope"\. Available: .*ec2-imdsv2, .*sqs-encryption\.\n$/);
});
