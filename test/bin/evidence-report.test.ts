import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { run } from '../../bin/subcommands/evidence.ts';
import { executionOf, MemoryVault, type RecordFields } from '../evidence/audit-report/vault.ts';
import { said } from './command.ts';

const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const evidence = (...args: string[]) => said(run, ...args);

const ESCAPE = '\u001b[2J';
const open: RecordFields = {
  ...{ phase: 'plan', at: '2026-07-01T10:00:00.000Z', origin: 'drift', verdict: { violation: 'It is open.' } },
  actor: { type: 'IAMUser', arn: 'arn:aws:iam::222222222222:user/maria' },
  before: { Status: 'open', Kept: [1, 2] },
  desired: { Kept: [1, 2], Status: 'shut' },
  patch: [{ op: 'replace', path: '/Status', value: 'shut' }],
};
const shut: RecordFields = {
  ...{ phase: 'repair', at: '2026-07-01T10:00:04.000Z', outcome: 'repaired', reason: `Read back.${ESCAPE}` },
  after: { Kept: [1, 2], Status: 'shut' },
};
const sound = executionOf('sound', open, shut);

const halt = executionOf('halted', {
  ...{ phase: 'command', at: '2026-07-01T12:00:00.000Z', control: '*', outcome: 'accepted', reason: 'An incident.' },
  target: { account: '111111111111', region: 'eu-west-1', partition: 'aws', id: '*' },
  command: {
    kind: 'halt',
    by: 'user/111111111111/anna',
    identity: 'arn:aws:iam::111111111111:user/anna',
    reason: 'An incident.',
  },
});

type Change = (objects: Map<string, Uint8Array>) => unknown;

/** A vault in a folder, with the changes of a test, and its public key. */
function folder(change: Change = () => {}) {
  const vault = new MemoryVault();
  vault.add('2026-07-02T00:00:00.000Z', [...sound, ...executionOf('waiting', open), ...halt]);
  change(vault.objects);
  const at = mkdtempSync(join(scratch, 'vault-'));
  for (const [key, bytes] of vault.objects) {
    mkdirSync(dirname(join(at, key)), { recursive: true });
    writeFileSync(join(at, key), bytes);
  }
  const key = join(mkdtempSync(join(scratch, 'key-')), 'key.pem');
  writeFileSync(key, vault.publicKey);
  return { at, key };
}

const altered: Change = (objects) => {
  const [plan] = sound;
  const body = plan?.body.replace('"open"', '"shut"') ?? '';
  objects.set(plan?.key ?? '', new TextEncoder().encode(body));
};

describe('evidence show', () => {
  it('prints the execution, without colors in a pipe', async () => {
    const { status, stdout } = await evidence('show', 'sound', '--source', folder().at);
    expect(status).toBe(0);
    for (const line of [
      'S3 buckets block public access',
      '  resource    invoices',
      '  changed by  arn:aws:iam::222222222222:user/maria',
      '  origin      drift: the template of its stack is compliant',
      '  outcome     repaired: Read back.\uFFFD[2J',
      '  set Status to "shut" (was "open")',
      '  -  "Status": "open"',
      '  +  "Status": "shut"',
      `      SHA-256 ${sound[1]?.sha256}`,
      'The 2 records are valid: each has the hash of the one before it. The execution is closed.',
    ])
      expect(stdout.split('\n')).toContain(line);
    expect(stdout).not.toContain('\u001b');
  });

  it('prints the template source, the warning and the last use', async () => {
    const templateSource = {
      stack: 'shop',
      logicalId: 'Keys',
      repository: 'https://git.example/shop',
      commit: 'abcdef1',
    };
    const lastUse = [{ what: 'AKIA1', at: '2026-06-30T00:00:00.000Z', service: 's3', region: 'eu-west-1' }];
    const cautious = {
      ...open,
      origin: 'template',
      templateSource,
      lastUse,
      reason: 'Its tag asks for people.',
    } as const;
    const { stdout } = await evidence(
      'show',
      'cautious',
      '--source',
      folder((objects) => {
        for (const { key, body } of executionOf('cautious', cautious)) objects.set(key, new TextEncoder().encode(body));
      }).at,
    );
    for (const line of [
      '  because     Its tag asks for people.',
      '  template    stack shop, Keys, https://git.example/shop, commit abcdef1',
      '  last use    AKIA1: 2026-06-30T00:00:00.000Z, s3, eu-west-1',
    ])
      expect(stdout.split('\n')).toContain(line);
    expect(stdout).toContain(
      '  warning     The template violates the control. The next deployment of stack shop reverts',
    );
  });

  it('finds an execution by the key of a record', async () => {
    const { status, stdout } = await evidence('show', `s3://vault/${sound[1]?.key}`, '--source', folder().at);
    expect([status, stdout.split('\n')[0]]).toEqual([0, 'S3 buckets block public access']);
  });

  it('shows the desired state before the repair', async () => {
    const { stdout } = await evidence('show', 'waiting', '--source', folder().at);
    expect(stdout).toContain('State before, and desired state');
    expect(stdout).toContain('The record is valid. The execution is in progress.');
  });

  it('prints an operator command with person and reason', async () => {
    const { status, stdout } = await evidence('show', 'halted', '--source', folder().at);
    expect(status).toBe(0);
    expect(stdout).toBe(`Operator command: halt
  command     halt
  by          user/111111111111/anna (arn:aws:iam::111111111111:user/anna)
  at          2026-07-01T12:00:00.000Z
  about       every control in every account
  reason      An incident.

Records
  ${halt[0]?.key}
      SHA-256 ${halt[0]?.sha256}

The record is valid. The execution is closed.
`);
  });

  it('prints everything as JSON', async () => {
    const { stdout } = await evidence('show', 'sound', '--source', folder().at, '--format', 'json');
    expect(JSON.parse(stdout)).toMatchObject({
      status: 'repaired',
      errors: [],
      records: [{ sha256: sound[0]?.sha256, record: { phase: 'plan', before: { Status: 'open' } } }, {}],
    });
  });

  it.each<[string, Change, RegExp]>([
    ['altered', altered, /2-repair\.json names another predecessor than .*1-plan\.json/],
    [
      'missing',
      (objects) => objects.delete(sound[0]?.key ?? ''),
      /2-repair\.json is record 2, but record 1 is expected/,
    ],
    [
      'written otherwise',
      (objects) => {
        const [, repair] = sound;
        objects.set(repair?.key ?? '', new TextEncoder().encode(`${repair?.body}\n`));
      },
      /2-repair\.json is not in canonical form/,
    ],
    [
      'no record at all',
      (objects) => objects.set(sound[1]?.key ?? '', new TextEncoder().encode('{}')),
      /2-repair\.json/,
    ],
  ])('reports a record that is %s', async (_what, change, words) => {
    const { status, stdout } = await evidence('show', 'sound', '--source', folder(change).at);
    expect(status).toBe(1);
    expect(stdout).toMatch(words);
  });

  it('exits with 2 if there is no such execution', async () => {
    const { status, stderr } = await evidence('show', 'other', '--source', folder().at, '--on', '2026-07-01');
    expect([status, stderr]).toEqual([2, expect.stringContaining('has no record of other around 2026-07-01')]);
  });
});

describe('evidence report', () => {
  const report = ({ at, key }: { at: string; key: string }, out: string, ...more: string[]) =>
    evidence(
      ...['report', '--from', '2026-07-01', '--to', '2026-07-31', '--source', at, '--public-key', key, '--out', out],
      ...more,
    );
  const newFolder = () => join(mkdtempSync(join(scratch, 'out-')), 'report');

  it('writes a report from complete evidence, with records that can be verified again', async () => {
    const [from, out] = [folder(), newFolder()];
    const { status, stdout } = await report(from, out, '--framework', 'nist-csf-2.0');
    expect([status, stdout]).toEqual([0, expect.stringContaining('2 executions, 2 violations.')]);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('The evidence is complete and unaltered.');
    const again = await evidence('verify', join(out, 'vault'), '--public-key', join(out, 'public-key.pem'));
    expect(again.status).toBe(0);
    expect(again.stdout).toContain('4 records');
  });

  it('writes the same report from the same folder at any time', async () => {
    const [from, one, other] = [folder(), newFolder(), newFolder()];
    await report(from, one);
    vi.useFakeTimers({ now: new Date('2031-01-01'), toFake: ['Date'] });
    await report(from, other).finally(() => vi.useRealTimers());
    for (const file of ['report.html', 'verification.json', 'oscal-assessment-results.json', 'summary.csv'])
      expect(readFileSync(join(other, file), 'utf8'), file).toBe(readFileSync(join(one, file), 'utf8'));
  });

  it('names broken evidence on the first page', async () => {
    const out = newFolder();
    expect((await report(folder(altered), out)).status).toBe(1);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain('The evidence is broken.');
  });

  it('does not accept a foreign key', async () => {
    const out = newFolder();
    const { status } = await report({ at: folder().at, key: folder().key }, out);
    expect(status).not.toBe(0);
    expect(readFileSync(join(out, 'report.html'), 'utf8')).not.toContain('The evidence is complete and unaltered.');
  });

  it.each([
    ['an unknown framework', ['--framework', 'iso'], /invalid --framework "iso"\. Allowed: fsbp, /],
    ['days in the wrong order', ['--to', '2026-06-01'], /--from 2026-07-01 is after --to 2026-06-01/],
    ['a folder that is not empty', ['--out', scratch], /is not empty/],
    ['no source', ['--source', ''], /missing option --source/],
  ])('rejects %s', async (_what, args, words) => {
    const { status, stderr } = await report(folder(), newFolder(), ...args);
    expect([status, stderr]).toEqual([2, expect.stringMatching(words)]);
  });
});
