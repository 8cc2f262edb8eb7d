import { describe, expect, it } from 'vitest';
import { reviewOf } from '../../lib/register/review.ts';
import { Waivers } from '../../lib/register/waivers.ts';
import type { Exception } from '../../lib/register.ts';
import { exception, NOW, published, written } from './entries.ts';

const front = { control: 'lock', stack: 'Shop', logicalId: 'Front' };
const kinds = (waivers: Waivers) => waivers.notes().map(({ kind }) => kind);

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
    const waivers = new Waivers([published([exception()])], [], NOW);
    waivers.judged('lock', 'Shop');
    expect(kinds(waivers)).toEqual(['exception-unused']);
  });

  it.each<[string, (waivers: Waivers) => void]>([
    ['it spared something', (waivers) => [waivers.judged('lock', 'Shop'), waivers.sparing(front)]],
    ['its stack was not there', (waivers) => waivers.judged('lock', 'Other')],
    ['its control was not asked', (waivers) => waivers.judged('alarm', 'Shop')],
  ])('but not where %s', (_name, happens) => {
    const waivers = new Waivers([published([exception()])], [], NOW);
    happens(waivers);
    expect(kinds(waivers)).toEqual([]);
  });
});

describe('an app hears', () => {
  const expired = exception({ expires: '2026-01-01' });

  it('of the published register only what names its stacks', () => {
    const waivers = new Waivers(
      [published([expired, exception({ ...expired, template: { stack: 'Theirs' } })])],
      [],
      NOW,
    );
    waivers.judged('alarm', 'Shop');
    expect(waivers.notes().map(({ exception }) => exception.template?.stack)).toEqual(['Shop']);
  });

  it('of a register that it writes itself everything, and where it stands', () => {
    const waivers = new Waivers([written([expired])], [], NOW);
    expect(waivers.notes()).toMatchObject([{ kind: 'exception-expired', place: 'exceptions.yaml:1:33' }]);
  });
});

describe('a proposal', () => {
  it('waives nothing, and says how it comes to', () => {
    const waivers = new Waivers([published([])], [written([exception()])], NOW);
    expect(waivers.sparing(front)).toBeUndefined();
    expect(waivers.notes()).toMatchObject([
      {
        kind: 'exception-proposed',
        sentence: expect.stringContaining('only proposed'),
        remedy: expect.stringContaining('pull request'),
      },
    ]);
  });

  it('is quiet when it stands in the register', () => {
    expect(kinds(new Waivers([published([exception()])], [written([exception()])], NOW))).toEqual([]);
  });

  it('does not count where the register has other words for it', () => {
    const waivers = new Waivers([published([exception()])], [written([exception({ expires: '2027-09-30' })])], NOW);
    expect(waivers.notes()).toMatchObject([{ sentence: expect.stringContaining('not as it stands in the register') }]);
    expect(waivers.sparing(front)?.expires).toBe('2027-03-31');
  });
});
