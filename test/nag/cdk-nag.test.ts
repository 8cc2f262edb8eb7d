import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { differences } from './differences.ts';
import { differs, explanation, page } from './page.ts';
import { pairs } from './pairs.ts';

const compared = pairs.flatMap(compare);

describe('cdk-nag', () => {
  it.each(pairs)('$rule: every difference has a reason', (pair) => {
    const cases = compared.filter((each) => each.pair === pair);
    const unexplained = cases.filter((each) => differs(each) && !explanation(each));
    expect(unexplained.map(({ ours, nag, tried }) => ({ ours, nag, ...tried.features }))).toEqual([]);
    for (const word of ['compliant', 'violation'])
      expect(
        cases.some(({ ours, nag }) => ours === word && nag === word),
        `both give the verdict ${word} for a case`,
      ).toBe(true);
  });

  it('every reason belongs to a difference', () => {
    const used = new Set(compared.filter(differs).map(explanation));
    expect(differences.filter((entry) => !used.has(entry)).map(({ reason }) => reason)).toEqual([]);
  });

  it('docs/cdk-nag.md is up to date', async () => {
    await expect(page(compared)).toMatchFileSnapshot('../../docs/cdk-nag.md');
  });
});
