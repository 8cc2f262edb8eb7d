import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { XMLValidator } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { controls } from '../../../controls/index.ts';
import { controlId } from '../../../lib/evidence/audit-report/oscal.ts';
import { uuid } from '../../../lib/evidence/audit-report/oscal-parts.ts';
import { type AuditReportInput, writeAuditReport } from '../../../lib/evidence/audit-report/write-report.ts';
import type { Decision } from '../../../lib/evidence/record.ts';
import type { Verification } from '../../../lib/evidence/verify/verification.ts';
import { frameworks } from '../../../lib/model/frameworks.ts';
import schema from './fixtures/oscal-assessment-results-1.1.3.schema.json' with { type: 'json' };
import { executionOf, MemoryVault } from './vault.ts';

const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-report-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const EVIL = '<script>alert("x")</script>&\u202e';
const HASH = 'a'.repeat(64);
const target = (id: string) => ({ account: '222222222222', region: 'eu-west-1', partition: 'aws', id });
const violation = { violation: 'Public access is not blocked.' };
const exception = {
  ...{ id: 'EX-1', control: 's3-require-tls', live: { account: '222222222222' }, owner: 'payments-team' },
  ...{ reason: `A vendor's old client ${EVIL}`, ticket: '=RISK-1', approver: 'ciso', expires: '2026-12-31' },
};
const decision: Decision = {
  verdict: 'approved',
  by: 'anna',
  identity: 'arn:aws:iam::1:user/anna',
  reason: 'Go.',
  plan: HASH,
};

function vault(): MemoryVault {
  const made = new MemoryVault();
  const before = { PublicAccessBlockConfiguration: { [EVIL]: false } };
  made.add('2026-06-02T00:00:00.000Z', [
    ...executionOf('june', { phase: 'outcome', at: '2026-06-01T10:00:00.000Z', outcome: 'compliant' }),
  ]);
  made.add('2026-07-02T00:00:00.000Z', [
    ...executionOf(
      'repaired',
      {
        ...{ phase: 'plan', at: '2026-07-01T10:00:00.000Z', target: target(EVIL), before, verdict: violation },
        actor: { type: 'IAMUser', arn: 'arn:aws:iam::222222222222:user/maria' },
        patch: [{ op: 'replace', path: '/PublicAccessBlockConfiguration', value: EVIL }],
        ...{
          origin: 'template',
          templateSource: { stack: '+shop', logicalId: 'Invoices', repository: 'example/shop' },
        },
      },
      { phase: 'repair', at: '2026-07-01T10:00:04.000Z', target: target(EVIL), outcome: 'repaired', reason: EVIL },
    ),
  ]);
  made.add('2026-07-04T00:00:00.000Z', [
    ...executionOf(
      'approved',
      { phase: 'plan', at: '2026-07-03T10:00:00.000Z', target: target('b'), verdict: violation, mode: 'approve' },
      { phase: 'decision', at: '2026-07-03T11:00:00.000Z', target: target('b'), decision },
      { phase: 'repair', at: '2026-07-03T11:00:02.000Z', target: target('b'), outcome: 'repaired' },
    ),
    ...executionOf(
      'exempt',
      { phase: 'plan', at: '2026-07-03T10:00:00.000Z', control: 's3-require-tls', verdict: violation, exception },
      { phase: 'outcome', at: '2026-07-03T10:00:01.000Z', control: 's3-require-tls', outcome: 'exempt' },
    ),
    ...executionOf('waiting', {
      phase: 'plan',
      at: '2026-07-03T10:00:00.000Z',
      target: target('c'),
      verdict: violation,
    }),
    ...executionOf('halted', {
      ...{ phase: 'command', at: '2026-07-03T12:00:00.000Z', control: '*', outcome: 'accepted', target: target('*') },
      command: { kind: 'halt', by: 'anna', identity: 'arn:aws:iam::1:user/anna', reason: `=1+1 ${EVIL}` },
    }),
    ...executionOf('released', {
      ...{ phase: 'command', at: '2026-07-03T13:00:00.000Z', control: 'ec2-imdsv2', outcome: 'accepted' },
      command: {
        kind: 'release',
        by: 'bert',
        identity: 'arn:aws:iam::1:user/bert',
        reason: 'Gone.',
        execution: 'held',
      },
    }),
    ...executionOf('backlog', {
      ...{
        phase: 'command',
        at: '2026-07-03T14:00:00.000Z',
        control: 'ec2-imdsv2',
        outcome: 'accepted',
        target: target('*'),
      },
      command: { kind: 'release-backlog', by: 'bert', identity: 'arn:bert', reason: 'Seen.', resources: 12 },
    }),
    ...executionOf('retired', {
      phase: 'outcome',
      at: '2026-07-03T10:00:00.000Z',
      control: 'gone',
      outcome: 'observed',
    }),
  ]);
  made.add('2026-08-02T00:00:00.000Z', [
    ...executionOf('august', { phase: 'outcome', at: '2026-08-01T10:00:00.000Z', outcome: 'compliant' }),
  ]);
  return made;
}

const verification: Verification = {
  schema: 'evenkeel.verification/v1',
  verdict: 'complete',
  source: 'vault',
  vault: 'evidence-vault',
  at: '2026-08-01T00:00:00.000Z',
  records: 8,
  digests: 2,
  complete: [{ first: 1, last: 2, from: null, until: '2026-07-04T00:00:00.000Z' }],
  lastDigest: null,
  lockedUntil: null,
  findings: [],
  notes: [],
};

async function report(changes: Partial<AuditReportInput> = {}) {
  const out = mkdtempSync(join(scratch, 'out-'));
  const source = vault();
  const input = { source, name: 's3://vault', period: { from: '2026-07-01', to: '2026-07-31' }, frameworks };
  await writeAuditReport({ ...input, catalogue: controls, verification, publicKey: 'PEM', out, ...changes });
  const read = (file: string) => readFileSync(join(out, file), 'utf8');
  return { out, source, read };
}

const all = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .sort();

describe('an audit report', () => {
  let made: Awaited<ReturnType<typeof report>>;
  beforeAll(async () => {
    made = await report();
  });

  it('has the same bytes for the same evidence', async () => {
    const again = await report({ source: made.source });
    expect(all(again.out)).toEqual(all(made.out));
    for (const file of all(made.out)) expect(again.read(file), file).toBe(made.read(file));
  });

  it('contains its records, and the digests that list them with all their other records', () => {
    const copied = all(join(made.out, 'vault'));
    expect(copied).toEqual([...made.source.objects.keys()].filter((key) => !/\/0[68]\/|0[14]\.json$/.test(key)).sort());
    for (const key of copied) expect(made.read(`vault/${key}`)).toBe(text(made.source.objects.get(key)));
  });

  it('lists every record with its hash', () => {
    const lines = made.read('records.csv').trim().split('\r\n').slice(1);
    expect(lines).toHaveLength(11);
    for (const line of lines)
      expect(line).toMatch(/^evidence\/2026\/07\/0[13]\/\d{12}\/\w+\/\d-\w+\.json,[0-9a-f]{64},/);
  });

  it('counts violations, repairs, exemptions and open violations', () => {
    const [head = '', ...lines] = made.read('summary.csv').trim().split('\r\n');
    const row = (requirement: string) => {
      const cells = lines.find((line) => line.startsWith(`fsbp,${requirement},`))?.split(',') ?? [];
      return Object.fromEntries(head.split(',').map((name, index) => [name, cells[index]]));
    };
    expect(row('S3.8')).toMatchObject({ executions: '3', violations: '3', repaired: '2', 'in progress': '1' });
    expect(row('S3.8')).toMatchObject({ 'open at end': '1', 'longest seconds to repair': '3602' });
    expect(row('S3.8')).toMatchObject({ 'median seconds to repair': '1803' });
    expect(row('S3.5')).toMatchObject({ violations: '1', exempt: '1', 'exempt at end': '1' });
    expect(row('S3.8')).toMatchObject({ approvals: '1', 'approved by': 'anna', rejections: '0' });
    expect(row('S3.5')).toMatchObject({ 'exceptions approved by': 'ciso', approvals: '0', 'approved by': '' });
    expect(row('EC2.8')).toMatchObject({ executions: '0', violations: '0' });
  });

  it('names the approver of an exception, and escapes formulas', () => {
    const line = made
      .read('executions.csv')
      .split('\r\n')
      .find((one) => one.startsWith('exempt,'));
    expect(line).toContain("EX-1,ciso,'=RISK-1");
    expect(made.read('executions.csv')).toContain(",template,'+shop,Invoices,example/shop,,auto,");
    expect(made.read('executions.csv')).toContain('approved by anna at 2026-07-03T11:00:00.000Z: Go.');
  });

  it('lists operator commands without counting them for a control', () => {
    const lines = made.read('commands.csv').split('\r\n').sort();
    expect(lines[1]).toMatch(/^2026-07-03T12:00:00.000Z,halt,anna,arn:aws:iam::1:user\/anna,"?'=1\+1 /);
    expect(lines[2]).toContain(
      'release,bert,arn:aws:iam::1:user/bert,Gone.,ec2-imdsv2,222222222222,eu-west-1,invoices,,held',
    );
    expect(made.read('executions.csv')).not.toMatch(/^(halted|released),/m);
    expect(made.read('report.html')).toContain('11 records of 4 executions and 3 operator commands');
    expect(made.read('report.html')).toContain('every control in every account');
    expect(made.read('report.html')).toContain('12 resources of account 222222222222');
  });

  it('leaves out controls that do not exist any more, and says so', () => {
    expect(made.read('executions.csv')).not.toContain('retired');
    expect(made.read('report.html')).toContain('executions of controls that this version does not have: gone.');
  });

  it('reports on the selected framework only', async () => {
    const one = await report({ frameworks: ['nist-csf-2.0'] });
    const lines = one.read('summary.csv').trim().split('\r\n').slice(1);
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(line).toMatch(/^nist-csf-2\.0,(PR|DE)\./);
    expect(one.read('report.html')).not.toContain('PCI DSS');
  });

  describe('as a page', () => {
    const page = () => made.read('report.html');

    it('is well-formed, runs no code and loads nothing', () => {
      const closed = page()
        .replace(/<!doctype html>/, '')
        .replaceAll(/<(meta|col)\b([^>]*)>/g, '<$1$2/>');
      expect(XMLValidator.validate(closed)).toBe(true);
      expect(page()).not.toMatch(/<script|<img|<link|<iframe|\son\w+=|javascript:|url\(|@import|src=/i);
    });

    it('escapes hostile text', () => {
      expect(page()).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;\uFFFD');
      expect(page()).not.toContain('\u202e');
    });

    it('names the approvers at each requirement', () => {
      const textOf = (requirement: string) =>
        page()
          .split(`<strong>${requirement}</strong>`)[1]
          ?.split('<strong>')[0]
          ?.replaceAll(/<[^>]+>/g, '');
      expect(textOf('S3.5')).toContain('Exceptions approved by ciso.');
      expect(textOf('S3.8')).toContain('Repairs approved by anna (1).');
      expect(textOf('S3.8')).not.toContain('Exceptions approved');
    });

    it('links only to existing sections and files', () => {
      const links = [...page().matchAll(/href="([^"]+)"/g)].map(([, link = '']) => link);
      const ids = new Set([...page().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id));
      const files = new Set(all(made.out));
      for (const link of new Set(links))
        if (link.startsWith('#')) expect(ids, link).toContain(link.slice(1));
        else if (!link.endsWith('/')) expect(files, link).toContain(decodeURIComponent(link));
    });

    it.each([
      ['complete', 'The evidence is complete and unaltered.'],
      ['broken', 'The evidence is broken.'],
      ['unverified', 'could not be verified'],
    ] as const)('says at the top that the evidence is %s', async (verdict, words) => {
      const finding = { kind: 'altered', key: 'evidence/x', sentence: 'Its bytes differ.' } as const;
      const other = await report({
        verification: { ...verification, verdict, findings: verdict === 'broken' ? [finding] : [] },
      });
      expect(other.read('report.html')).toContain(words);
      expect(other.read('report.html').includes('altered: evidence/x: Its bytes differ.')).toBe(verdict === 'broken');
      expect(other.read('report.html').includes('as found')).toBe(verdict === 'broken');
    });
  });

  describe('as OSCAL', () => {
    const document = () => JSON.parse(made.read('oscal-assessment-results.json'));

    it('follows the schema of NIST', () => {
      const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: true });
      addFormats.default(ajv);
      const validate = ajv.compile(withoutAnchors(schema));
      validate(document());
      expect(validate.errors ?? []).toEqual([]);
      expect(validate({ 'assessment-results': { ...document()['assessment-results'], uuid: 'x' } })).toBe(false);
    });

    it('uses each UUID once, and refers only to existing ones', () => {
      const [named, referred] = [new Set<string>(), new Set<string>()];
      walk(document(), (key, value) => {
        if (key === 'uuid') {
          expect(named).not.toContain(value);
          named.add(String(value));
        } else if (key.endsWith('-uuid')) referred.add(String(value));
      });
      for (const uuid of referred) expect(named).toContain(uuid);
    });

    it('has UUIDs of version 5', () => {
      expect(uuid('results/x')).toBe('8db48441-d828-57cb-8642-20b82b1aabb6');
    });

    it('is satisfied without open violations, and has no finding without executions', () => {
      const [result] = document()['assessment-results'].results;
      const states = result.findings.map(({ target }: { target: { 'target-id': string; status: object } }) => [
        target['target-id'],
        target.status,
      ]);
      expect(Object.fromEntries(states)).toEqual({
        'S3.5': { state: 'satisfied', reason: 'pass' },
        'S3.8': { state: 'not-satisfied', reason: 'fail' },
      });
      expect(result.risks.map(({ title, status }: { title: string; status: string }) => [title, status])).toEqual([
        ['Open violations: S3 buckets block public access', 'open'],
        ['Exception EX-1', 'deviation-approved'],
      ]);
    });

    it.each([
      ['nist-800-53-r5', 'AC-3(15)', 'ac-3.15'],
      ['nist-csf-2.0', 'PR.DS-01', 'PR.DS-01'],
      ['pci-dss-v4', '8.3.10.1', 'pci-8.3.10.1'],
    ] as const)('writes %s %s as %s', (framework, requirement, id) => {
      expect(controlId(framework, requirement)).toBe(id);
    });
  });
});

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes);

function walk(value: unknown, visit: (key: string, value: unknown) => void): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    visit(key, inner);
    walk(inner, visit);
  }
}

/** Removes the anchors in `$id` from NIST's schema, because Ajv rejects them as duplicates. */
function withoutAnchors(value: unknown): object {
  return JSON.parse(JSON.stringify(value), (_key, inner) => {
    if (typeof inner?.$id !== 'string' || !inner.$id.startsWith('#')) return inner;
    const { $id, ...rest } = inner;
    return rest;
  });
}
