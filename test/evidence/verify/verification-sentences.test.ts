import { expect, it } from 'vitest';
import { verificationSentences } from '../../../lib/evidence/verify/verification-text.ts';

const span = { from: null, until: '2026-07-01T00:45:00.000Z' };
const verification = {
  schema: 'evenkeel.verification/v1' as const,
  source: 's3://vault',
  vault: null,
  verdict: 'complete' as const,
  at: '2026-07-02T00:00:00.000Z',
  records: 3,
  lastDigest: null,
  lockedUntil: null,
  findings: [],
  notes: [],
};

it.each([
  [
    1,
    [
      '3 records and 1 signed digest were verified.',
      /^Digest 1 is signed, .* record that it lists: from the beginning/,
    ],
  ],
  [2, ['3 records and 2 signed digests were verified.', /^Digests 1 to 2 are signed, .* record that they list: /]],
] as const)('summarizes a verification with %d digests', (digests, expected) => {
  const complete = [{ ...span, first: 1, last: digests }];
  const sentences = verificationSentences({ ...verification, digests, complete });
  expect(sentences).toEqual(expected.map((one) => (typeof one === 'string' ? one : expect.stringMatching(one))));
});
