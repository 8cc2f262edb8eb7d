import { describe, expect, it } from 'vitest';
import type { Verification } from '../../../lib/evidence/verify/verification.ts';
import { render } from '../../../lib/evidence/verify/verification-text.ts';

const complete: Verification = {
  schema: 'evenkeel.verification/v1',
  verdict: 'complete',
  source: 's3://vault',
  vault: 'vault',
  at: '2026-03-02T00:00:00.000Z',
  records: 3,
  digests: 1,
  complete: [{ first: 1, last: 1, from: null, until: '2026-03-01T00:45:00.000Z' }],
  lastDigest: { sequence: 1, at: '2026-03-01T01:00:00.000Z', until: '2026-03-01T00:45:00.000Z' },
  lockedUntil: null,
  findings: [],
  notes: [],
};
const keys = Array.from({ length: 21 }, (_, number) => `evidence/${number}`);

describe('what an auditor reads', () => {
  it('says in short that all is whole, and nothing of locks where something is not locked', () => {
    expect(render(complete)).toBe(
      `s3://vault: whole. Nothing was taken out, added or altered.

3 records, 1 digest that can be trusted.
Whole from the beginning to 2026-03-01T00:45:00.000Z (digest 1).
The last digest was made at 2026-03-01T01:00:00.000Z; nothing is proved of what came after.
That nothing is missing of what was recorded after 2026-03-01T00:45:00.000Z is for the next digest to prove.
`,
    );
    expect(render({ ...complete, lockedUntil: '2027-04-05T00:00:00.000Z' })).toContain(
      'Everything is locked until 2027',
    );
  });

  it('names the first of many findings, and how many more there are', () => {
    const findings = keys.map((key) => ({ kind: 'altered' as const, key, sentence: 'It is not.' }));
    const text = render({ ...complete, verdict: 'broken', findings });
    expect(text).toContain('BROKEN. 21 findings.');
    expect(text).toContain('altered (21). Ask the vault itself');
    expect(text.match(/It is not\./g)).toHaveLength(20);
    expect(text).toContain('… and 1 more: see --format json');
  });

  it('names the objects of a note where somebody should look at them, and of no other', () => {
    const note = (kind: 'late' | 'not yet in a digest') =>
      render({ ...complete, notes: [{ kind, sentence: 'There are some.', keys: ['evidence/here'] }] });
    expect(note('late')).toContain('  There are some.\n    evidence/here');
    expect(note('not yet in a digest')).not.toContain('evidence/here');
  });
});
