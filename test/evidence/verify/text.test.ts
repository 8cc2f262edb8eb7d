import { describe, expect, it } from 'vitest';
import type { Verification } from '../../../lib/evidence/verify/verification.ts';
import { verificationText } from '../../../lib/evidence/verify/verification-text.ts';

const complete: Verification = {
  schema: 'evenkeel.verification/v1',
  verdict: 'complete',
  source: 's3://vault',
  vault: 'vault',
  at: '2026-03-02T00:00:00.000Z',
  records: 3,
  digests: 1,
  complete: [{ first: 1, last: 1, from: null, until: '2026-03-01T00:45:00.000Z' }],
  lastDigest: { sequence: 1, at: '2026-03-01T01:00:00.000Z', until: '2026-03-01T00:45:00.000Z', sha256: 'ab12' },
  lockedUntil: null,
  findings: [],
  notes: [],
};
const keys = Array.from({ length: 21 }, (_, number) => `evidence/${number}`);

describe('the text of a verification', () => {
  it('says that the evidence is complete, and omits locks if an object is not locked', () => {
    expect(verificationText(complete)).toBe(
      `s3://vault: complete until 2026-03-01T00:45:00.000Z. No record or digest up to then was removed, added or altered.

3 records, 1 trusted digest.
Complete from the beginning to 2026-03-01T00:45:00.000Z (digest 1).
The last digest is from 2026-03-01T01:00:00.000Z. Nothing is proven for later records.
Its SHA-256 is ab12. Write it down: a later verification proves with --expect that this digest is still there.
Completeness after 2026-03-01T00:45:00.000Z will be proven by the next digest.
`,
    );
    expect(verificationText({ ...complete, lockedUntil: '2027-04-05T00:00:00.000Z' })).toContain(
      'Every object is locked until at least 2027',
    );
  });

  it('lists the first 20 findings of a kind, and the number of the others', () => {
    const findings = keys.map((key) => ({ kind: 'altered' as const, key, sentence: 'Its bytes differ.' }));
    const text = verificationText({ ...complete, verdict: 'broken', findings });
    expect(text).toContain('BROKEN. 21 findings.');
    expect(text).toContain('altered (21). Get the version that the digest lists');
    expect(text.match(/Its bytes differ\./g)).toHaveLength(20);
    expect(text).toContain('… and 1 more: see --format json');
  });

  it('lists the objects of notes that need attention only', () => {
    const note = (kind: 'late' | 'not-in-digest') =>
      verificationText({ ...complete, notes: [{ kind, sentence: 'Example.', keys: ['evidence/here'] }] });
    expect(note('late')).toContain('  Example.\n    evidence/here');
    expect(note('not-in-digest')).not.toContain('evidence/here');
  });
});
