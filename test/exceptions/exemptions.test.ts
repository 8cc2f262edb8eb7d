import { describe, expect, it } from 'vitest';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { Exemptions } from '../../lib/exceptions/exemptions.ts';
import { reviewOf } from '../../lib/exceptions/review.ts';
import { exception, NOW, published, written } from './entries.ts';

const front = { control: 'lock', stack: 'Shop', logicalId: 'Front' };
const kinds = (waivers: Exemptions) => waivers.notes().map(({ kind }) => kind);

describe('a review', () => {
  it.each<[Partial<Exception>, string[]]>([
    [{}, []],
    [{ expires: '2026-11-20' }, ['exception-expired']],
    [{ expires: '2026-11-21' }, ['exception-expiring']],
    [{ expires: '2026-12-05' }, ['exception-expiring']],
    [{ expires: '2026-12-06' }, []],
    [{ expires: '2027-11-22' }, []],
    [{ expires: '2027-11-23' }, ['exception-broad']],
    [{ template: { stack: 'Shop' } }, ['exception-broad']],
    [{ live: { account: '111111111111', region: 'eu-west-1' } }, ['exception-broad']],
  ])('of %j says %j', (changes, expected) => {
    expect(reviewOf(exception(changes), NOW).map(({ kind }) => kind)).toEqual(expected);
  });
});

describe('an exception is of no use', () => {
  it('where it spared nothing in the stack that it names', () => {
    const waivers = new Exemptions([published([exception()])], [], NOW);
    waivers.evaluateFile('lock', 'Shop');
    expect(kinds(waivers)).toEqual(['exception-unused']);
  });

  it.each<[string, (waivers: Exemptions) => void]>([
    ['it spared something', (waivers) => [waivers.evaluateFile('lock', 'Shop'), waivers.exempting(front)]],
    ['its stack was not there', (waivers) => waivers.evaluateFile('lock', 'Other')],
    ['its control was not asked', (waivers) => waivers.evaluateFile('alarm', 'Shop')],
  ])('but not where %s', (_name, happens) => {
    const waivers = new Exemptions([published([exception()])], [], NOW);
    happens(waivers);
    expect(kinds(waivers)).toEqual([]);
  });
});

describe('an app hears', () => {
  const expired = exception({ expires: '2026-01-01' });

  it('of the published register only what names its stacks', () => {
    const waivers = new Exemptions(
      [published([expired, exception({ ...expired, template: { stack: 'Theirs' } })])],
      [],
      NOW,
    );
    waivers.evaluateFile('alarm', 'Shop');
    expect(waivers.notes().map(({ exception }) => exception.template?.stack)).toEqual(['Shop']);
  });

  it('of a register that it writes itself everything, and where it stands', () => {
    const waivers = new Exemptions([written([expired])], [], NOW);
    expect(waivers.notes()).toMatchObject([{ kind: 'exception-expired', place: 'exceptions.yaml:1:33' }]);
  });
});

describe('a proposal', () => {
  it('waives nothing, and says how it comes to', () => {
    const waivers = new Exemptions([published([])], [written([exception()])], NOW);
    expect(waivers.exempting(front)).toBeUndefined();
    expect(waivers.notes()).toMatchObject([
      {
        kind: 'exception-proposed',
        sentence: expect.stringContaining('only proposed'),
        remedy: expect.stringContaining('pull request'),
      },
    ]);
  });

  it('is quiet when it stands in the register', () => {
    expect(kinds(new Exemptions([published([exception()])], [written([exception()])], NOW))).toEqual([]);
  });

  it('does not count where the register has other words for it', () => {
    const waivers = new Exemptions([published([exception()])], [written([exception({ expires: '2027-09-30' })])], NOW);
    expect(waivers.notes()).toMatchObject([{ sentence: expect.stringContaining('not as it stands in the register') }]);
    expect(waivers.exempting(front)?.expires).toBe('2027-03-31');
  });
});
