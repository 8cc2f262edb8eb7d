import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { LOG_GROUP, logGroupIn, logsTo } from '../controls/placed-control.ts';

vi.mock('../../controls/index.ts', async () => {
  const { LOG_GROUP: logGroup, logsTo: control } = await import('../controls/placed-control.ts');
  const placed = { ...control, id: 'placed', parameters: { logGroup, days: 30 }, requiredParameters: undefined };
  return { controls: [placed, control] };
});
const { run } = await import('../../bin/subcommands/check.ts');

const folder = mkdtempSync(join(tmpdir(), 'evenkeel-place-'));
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});
let output = '';
const collect = (text: string | Uint8Array) => {
  output += String(text);
  return true;
};
vi.spyOn(process.stdout, 'write').mockImplementation(collect);
vi.spyOn(process.stderr, 'write').mockImplementation(collect);
beforeEach(() => {
  output = '';
});

const file = join(folder, 'template.json');
const LogGroup = logGroupIn('111111111111', 'eu-west-1');
writeFileSync(file, JSON.stringify({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { LogGroup } } } }));

describe('evenkeel check', () => {
  it('leaves a verdict unknown that depends on the account and the region', async () => {
    expect(await run([file])).toBe(0);
    expect(output).toContain(`because a parameter is ${JSON.stringify(LOG_GROUP)}`);
    expect(output).toContain('0 violations, 1 unknown, 0 compliant');
  });

  it('takes the account and the region of the deployment', async () => {
    expect(await run(['--account', '111111111111', '--region', 'eu-west-1', file])).toBe(0);
    expect(output).toContain('0 violations, 0 unknown, 1 compliant');
    expect(await run(['--account', '222222222222', '--region', 'eu-west-1', file])).toBe(1);
    expect(output).toContain(`The log group is not ${logGroupIn('222222222222', 'eu-west-1')}`);
  });

  it.each([
    [['--account', 'prod'], 'invalid --account "prod". Allowed: an account number of 12 digits.'],
    [['--region', 'Ireland'], 'invalid --region "Ireland". Allowed: an AWS region such as eu-west-1.'],
  ])('rejects %j', async (args, message) => {
    expect(await run([...args, file])).toBe(2);
    expect(output).toContain(message);
  });

  it.each(['human', 'sarif', 'junit', 'json', 'markdown', 'github', 'csv'])(
    'names a control that is not configured, with the exit code unchanged: %s',
    async (format) => {
      expect(await run(['--format', format, '--control', logsTo.id, file])).toBe(0);
      expect(output).toMatch(
        format === 'json' ? /"missing": \[\s+"logGroup"/ : /logs-to is not evaluated, because logGroup has no/,
      );
    },
  );
});
