import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../lib/model/control.ts';
import { evidenceSentences } from '../../lib/text/evidence-sentences.ts';
import { governanceSentences } from '../../lib/text/governance-sentences.ts';
import { ignoredSentences } from '../../lib/text/ignored-sentences.ts';
import { outcomeSentences } from '../../lib/text/outcome-sentences.ts';
import { explain, type Reason, reasonText, sentences } from '../../lib/text/reasons.ts';
import { refusalSentences } from '../../lib/text/refusal-sentences.ts';
import { exampleFacts, exampleReasons } from './example-reasons.ts';

const tables = [outcomeSentences, governanceSentences, refusalSentences, evidenceSentences, ignoredSentences];

it('has one sentence and one example for every code', () => {
  const codes = tables.flatMap((table) => Object.keys(table));
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
  expect(Object.keys(sentences).sort()).toEqual(codes.toSorted());
  expect(Object.keys(exampleFacts).sort()).toEqual(codes.toSorted());
});

const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.constantFrom(
    '\u001b[31mred\u001b[0m',
    'first\nsecond\r\nthird',
    '\u202Egnp.exe\u2066',
    'line\u2028paragraph\u2029end',
    '\u0000\u0007\u007f\u009b',
    'ends here...',
    'really?!',
    '',
    'a'.repeat(5000),
    '`; rm -rf / #',
  ),
);

/** Any facts of the form of an example. */
function anyFacts(example: Json | undefined): fc.Arbitrary<Json> {
  if (typeof example === 'string') return hostile;
  if (typeof example === 'number') return fc.nat();
  if (Array.isArray(example)) return fc.array(anyFacts(example[0]), { maxLength: 5 });
  const entries = Object.entries(example ?? {});
  return fc.record(Object.fromEntries(entries.map(([name, fact]) => [name, anyFacts(fact)])));
}

const anyReason = fc
  .constantFrom(...exampleReasons)
  .chain(({ code, ...facts }) => anyFacts(facts).map((made) => ({ code, ...Object(made) }) as Reason)); // in its form

/** Characters that do not belong in sentences on one line. */
const faultsOf = (text: string) => ({
  controls: /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/u.test(text),
  noFullStop: !/[^\s.!?]\.$/u.test(text),
  missing: /\bundefined\b|\bnull\b|\[object|NaN/.test(text),
  spaces: / {2}|^ | $/.test(text),
});
const noFaults = { controls: false, noFullStop: false, missing: false, spaces: false };

describe('a reason', () => {
  it.each(exampleReasons)('$code is a sentence', (reason) => {
    const text = reasonText(reason);
    expect(faultsOf(text), text).toEqual(noFaults);
    expect(text).toMatch(/^[A-Z0-9]|^my-control |^user\//);
  });

  it.each(exampleReasons)('$code is a sentence without its optional facts', ({ code }) => {
    const optional = { 'detects-only': {}, 'step-failed': { step: 'Repair', error: 'E' }, held: { at: 'T' } };
    const facts = { ...exampleFacts[code], ...Object(Object.entries(optional).find(([name]) => name === code)?.[1]) };
    expect(reasonText({ code, ...facts } as Reason)).not.toContain('undefined'); // in its form
  });

  it('stays one line with one full stop at its end, whatever its facts are', () => {
    fc.assert(
      fc.property(anyReason, (reason) => {
        const text = reasonText(reason);
        expect({ ...faultsOf(text), missing: false }, text).toEqual(noFaults);
        expect(text).not.toContain('undefined');
        expect(text.length).toBeLessThan(6000);
      }),
      { numRuns: 3000 },
    );
  });

  it('keeps its code and facts beside the sentence, as plain JSON', () => {
    fc.assert(
      fc.property(fc.array(anyReason, { minLength: 1, maxLength: 3 }), (reasons) => {
        const { because, reason } = explain(...reasons);
        expect(because).toEqual(reasons);
        expect(JSON.parse(JSON.stringify(because))).toEqual(reasons);
        expect(reason).toBe(reasons.map((one) => reasonText(one)).join(' '));
      }),
    );
  });
});

describe('wording', () => {
  it.each<[Reason, string]>([
    [
      { code: 'flapping', count: 3, minutes: 10 },
      'The resource was repaired 3 times within 10 minutes and is in violation again.',
    ],
    [
      { code: 'flapping', count: 10, minutes: 24 * 60 },
      'The resource was repaired 10 times within 24 hours and is in violation again.',
    ],
    [
      { code: 'reverted-by', identities: ['user/a', 'user/b', 'user/c'] },
      'The repair was reverted by user/a, user/b and user/c.',
    ],
    [{ code: 'reverted-by', identities: [] }, 'The identity that reverts the repair is unknown.'],
    [
      { code: 'halted', at: 'T', by: 'user/1/carol', reason: 'incident INC-77!' },
      'All repairs were halted at T by user/1/carol: incident INC-77.',
    ],
    [{ code: 'step-failed', step: 'Repair', error: 'AccessDenied' }, 'Repair failed: AccessDenied.'],
    [{ code: 'held', at: 'A', until: 'B' }, 'A hold placed at A stops the repair until B.'],
    [{ code: 'detects-only' }, 'The control detects violations and has no repair.'],
    [{ code: 'release-hold', execution: 'e' }, 'To release the hold, run `evenkeel release e --reason "..."`.'],
  ])('of $code', (reason, text) => expect(reasonText(reason)).toBe(text));

  it('joins reasons in their order', () => {
    expect(reasonText({ code: 'write-failed', error: 'Error: refused.' }, { code: 'untouched' })).toBe(
      'The write failed: Error: refused. The resource is unchanged.',
    );
  });

  it('cuts a very long fact', () => {
    const text = reasonText({ code: 'unknown-name', name: 'x'.repeat(5000) });
    expect(text).toMatch(/^Unknown name "x+\.\.\."\.$/);
  });
});
