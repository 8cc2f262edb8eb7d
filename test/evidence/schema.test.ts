import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { nextRecord } from '../../lambdas/evidence/next-record.ts';
import { fromRow } from '../../lambdas/store/execution-row.ts';
import type { Settings } from '../../lib/config/settings.ts';
import { nextDigest, type SignedDigest } from '../../lib/evidence/digest.ts';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import { type evidenceSchema, schemaFiles, type signedDigestSchema } from '../../lib/evidence/schema.ts';
import { exemptionReason } from '../../lib/exceptions/matching.ts';
import { explain } from '../../lib/text/reasons.ts';
import type { Same } from '../same-fields.ts';
import { schemaErrors } from './evidence-schema.ts';

it('the schemas and the types declare the same fields', () => {
  const same: [
    Same<z.output<typeof evidenceSchema>, EvidenceRecord>,
    Same<z.output<typeof signedDigestSchema>, SignedDigest>,
  ] = [true, true]; // the compiler is the test: it refuses where a type and its schema differ
  expect(same).toEqual([true, true]);
});

describe('the published schemas', () => {
  it.each([...schemaFiles()])('are in docs/%s', (file, schema) => {
    const text = readFileSync(new URL(`../../docs/${file}`, import.meta.url), 'utf8');
    expect(JSON.parse(text), 'run `npm run docs` and commit docs/').toEqual(schema);
  });
});

const target = { account: '111111111111', region: 'eu-west-1', partition: 'aws', id: 'a-bucket' };
const settings: Settings = {
  commit: 'c0ffee',
  hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
  globalRegion: 'us-east-1',
  accounts: {
    '111111111111': {
      owner: { name: 'team', from: 'config account' },
      regions: ['eu-west-1'],
      modes: { c: 'auto' },
      circuitBreaker: { minutes: 60, repairs: 50, failures: 10 },
      gracePeriodDays: {},
    },
  },
  parameters: {},
  notConfigured: [],
  ownerTag: 'owner',
  approvalHours: 72,
  remindAtHour: 7,
  approvers: 1,
  concurrencyPerAccount: 25,
  identities: {},
  backlogAbove: 10,
};
const execution = fromRow({
  execution: 'b7e0c1f2-0000-8000-8000-000000000000',
  machine: 'm',
  phase: 'planned',
  admittedAt: '2026-01-01T00:00:00.000Z',
  control: 'c',
  target,
  source: 'config',
  event: 'e',
  records: [],
  replans: 0,
  attempts: 1,
  pendingSeen: 0,
});
const record = (...[phase, found]: [EvidenceRecord['phase'], Parameters<typeof nextRecord>[3]]): EvidenceRecord =>
  JSON.parse(nextRecord(execution, settings, phase, found, new Date(0)).body);
const decision = {
  verdict: 'approved',
  by: 'user/anna',
  identity: 'arn:aws:iam::111111111111:user/anna',
  reason: '',
  plan: 'a'.repeat(64),
} as const;
const command = {
  kind: 'halt',
  by: decision.by,
  identity: decision.identity,
  reason: 'A deployment goes wrong.',
} as const;
const exception = {
  id: 'public-website',
  control: 'c',
  live: { account: '111111111111', resource: 'a-bucket' },
  owner: 'web-team',
  reason: 'It is a website.',
  ticket: 'WEB-1',
  approver: 'anna',
  expires: '2026-12-31',
} as const;
const flapping = { code: 'flapping', count: 3, minutes: 10 } as const;
const plan = record('plan', {
  before: { Rules: [{ Port: 22 }], Gone: undefined },
  desired: { Rules: [] },
  patch: [{ op: 'remove', path: '/Rules/0' }],
  verdict: { violation: 'The port 22 is open.' },
  origin: 'drift',
});

describe('a record that a step makes', () => {
  it.each([
    ['plan', plan],
    [
      'repair',
      record('repair', { after: {}, verdict: 'compliant', outcome: 'repaired', ...explain({ code: 'repaired' }) }),
    ],
    ['outcome', record('outcome', { outcome: 'held', ...explain({ code: 'held', at: 'then' }, flapping) })],
    ['a reason without a code', record('outcome', { outcome: 'gone', reason: 'It is gone.' })],
    [
      'a reason of another version',
      { ...record('outcome', { outcome: 'gone' }), because: [{ code: 'new', list: [1, { a: null }] }] },
    ],
    ['decision', record('decision', { decision })],
    ['command', record('command', { command, outcome: 'accepted', reason: command.reason })],
    ['a command about everything', { ...record('command', { command, outcome: 'accepted' }), control: '*' }],
    ['exempt', record('outcome', { exception, outcome: 'exempt', ...explain(exemptionReason(exception)) })],
  ])('is valid: %s', (_, made) => expect(schemaErrors('evidence', made)).toBeUndefined());

  it.each([
    ['an undocumented field', { ...plan, other: 1 }],
    ['another schema', { ...plan, schema: 'evenkeel.evidence/v2' }],
    ['the number 0', { ...plan, n: 0 }],
    ['a malformed hash', { ...plan, previous: 'x' }],
    ['a target without account', { ...plan, target: { ...target, account: undefined } }],
    ['a decision without a plan', { ...plan, phase: 'decision', decision: { ...decision, plan: undefined } }],
    ['a command of an unknown kind', { ...plan, phase: 'command', command: { ...command, kind: 'destroy' } }],
    ['an exception without an end', { ...plan, exception: { ...exception, expires: undefined } }],
    ['a reason without its code', { ...plan, because: [{ count: 3 }] }],
    ['a patch without a value', { ...plan, patch: [{ op: 'add', path: '/Rules/0' }] }],
  ])('is refused with %s', (_, made) => {
    expect(schemaErrors('evidence', JSON.parse(JSON.stringify(made)))).toBeDefined();
  });
});

describe('a digest', () => {
  const hash = 'a'.repeat(64);
  const key = 'evidence/2026/01/01/111111111111/e/1-plan.json';
  const digest = nextDigest(
    undefined,
    { vault: 'bucket', at: '2026-01-01T01:00:00.000Z', until: '2026-01-01T00:45:00.000Z' },
    {
      records: [{ key, versionId: 'v', sha256: hash }],
      missing: [{ key, sha256: hash, registeredAt: '2026-01-01T00:00:00.000Z' }],
      faults: [{ key, versionId: 'w', fault: 'delete-marker', sha256: null }],
    },
  );
  const file = { digest, key: 'arn', algorithm: 'ECDSA_SHA_256', signature: 'MEUCIA==' };

  it('is valid', () => expect(schemaErrors('digest', file)).toBeUndefined());
  it.each([
    ['no signature', { ...file, signature: '' }],
    ['another algorithm', { ...file, algorithm: 'ECDSA_SHA_512' }],
    ['a moment without milliseconds', { ...file, digest: { ...digest, until: '2026-01-01T00:45:00Z' } }],
    ['a malformed key', { ...file, digest: { ...digest, records: [{ key: 'k', versionId: 'v', sha256: hash }] } }],
  ])('is refused with %s', (_, made) => expect(schemaErrors('digest', made)).toBeDefined());
});
