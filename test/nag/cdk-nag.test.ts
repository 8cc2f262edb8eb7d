import { describe, expect, it } from 'vitest';
import { compare } from './compare.ts';
import { differences } from './differences.ts';
import { differs, explanation, page } from './page.ts';
import { pairs } from './pairs.ts';

const compared = pairs.flatMap(compare);

describe('beside cdk-nag', () => {
  it.each(pairs)('$rule: every difference has its reason', (pair) => {
    const cases = compared.filter((each) => each.pair === pair);
    const unexplained = cases.filter((each) => differs(each) && !explanation(each));
    expect(unexplained.map(({ ours, nag, tried }) => ({ ours, nag, ...tried.features }))).toEqual([]);
    for (const word of ['compliant', 'violation'])
      expect(
        cases.some(({ ours, nag }) => ours === word && nag === word),
        `both say ${word} of something`,
      ).toBe(true);
  });

  it('no reason is left over from a difference that is gone', () => {
    const used = new Set(compared.filter(differs).map(explanation));
    expect(differences.filter((entry) => !used.has(entry)).map(({ reason }) => reason)).toEqual([]);
  });

  it('the page tells what was found', async () => {
    await expect(page(compared)).toMatchFileSnapshot('../../docs/cdk-nag.md');
  });
});
