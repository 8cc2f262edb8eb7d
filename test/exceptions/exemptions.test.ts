import { describe, expect, it } from 'vitest';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { Exemptions } from '../../lib/exceptions/exemptions.ts';
import { reviewOf } from '../../lib/exceptions/review.ts';
import { exception, NOW, published, written } from './entries.ts';

const front = { control: 'lock', stack: 'Shop', logicalId: 'Front' };
const kinds = (exemptions: Exemptions) => exemptions.warnings().map(({ kind }) => kind);

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
  ])('of %j warns with %j', (changes, expected) => {
    expect(reviewOf(exception(changes), NOW).map(({ kind }) => kind)).toEqual(expected);
  });
});

describe('an exception', () => {
  it('is unused if it exempts nothing in its stack', () => {
    const exemptions = new Exemptions([published([exception()])], [], NOW);
    exemptions.markEvaluated('lock', 'Shop');
    expect(kinds(exemptions)).toEqual(['exception-unused']);
  });

  it.each<[string, (exemptions: Exemptions) => void]>([
    [
      'it exempts a resource',
      (exemptions) => [exemptions.markEvaluated('lock', 'Shop'), exemptions.exceptionFor(front)],
    ],
    ['its stack is not evaluated', (exemptions) => exemptions.markEvaluated('lock', 'Other')],
    ['its control is not evaluated', (exemptions) => exemptions.markEvaluated('alarm', 'Shop')],
  ])('is not reported as unused if %s', (_name, act) => {
    const exemptions = new Exemptions([published([exception()])], [], NOW);
    act(exemptions);
    expect(kinds(exemptions)).toEqual([]);
  });
});

describe('the warnings of an app', () => {
  const expired = exception({ expires: '2026-01-01' });

  it('cover only its own stacks in the published file', () => {
    const exemptions = new Exemptions(
      [published([expired, exception({ ...expired, template: { stack: 'Theirs' } })])],
      [],
      NOW,
    );
    exemptions.markEvaluated('alarm', 'Shop');
    expect(exemptions.warnings().map(({ exception }) => exception.template?.stack)).toEqual(['Shop']);
  });

  it('cover every entry of a file that people write, with its place', () => {
    const exemptions = new Exemptions([written([expired])], [], NOW);
    expect(exemptions.warnings()).toMatchObject([{ kind: 'exception-expired', place: 'exceptions.yaml:1:33' }]);
  });
});

describe('a proposal', () => {
  it('exempts nothing, and causes a warning with the next step', () => {
    const exemptions = new Exemptions([published([])], [written([exception()])], NOW);
    expect(exemptions.exceptionFor(front)).toBeUndefined();
    expect(exemptions.warnings()).toMatchObject([
      {
        kind: 'exception-proposed',
        sentence: expect.stringContaining('only proposed'),
        remedy: expect.stringContaining('pull request'),
      },
    ]);
  });

  it('causes no warning after it is published', () => {
    expect(kinds(new Exemptions([published([exception()])], [written([exception()])], NOW))).toEqual([]);
  });

  it('does not replace a published entry that differs', () => {
    const proposals = [written([exception({ expires: '2027-09-30' })])];
    const exemptions = new Exemptions([published([exception()])], proposals, NOW);
    expect(exemptions.warnings()).toMatchObject([
      { sentence: expect.stringContaining('differs from the published entry') },
    ]);
    expect(exemptions.exceptionFor(front)?.expires).toBe('2027-03-31');
  });
});
