import { describe, expect, it } from 'vitest';
import { MODE_TAG, maxModeByTags, ownerBy, type Tags } from '../../lib/config/tags.ts';

const tags = (entries: { readonly [key: string]: string }): Tags => new Map(Object.entries(entries));
const fallback = { name: 'platform', from: 'config default' } as const;

describe('the owner', () => {
  const [stack, resource] = [tags({ owner: 'stack-team' }), tags({ owner: 'resource-team' })];

  it.each([
    [
      'the owner of the account in the config, if it has one',
      { name: 'a', from: 'config account' } as const,
      stack,
      resource,
      'a',
      'config account',
    ],
    ['the owner in the tag of the stack', fallback, stack, resource, 'stack-team', 'stack tag'],
    [
      'the owner in the tag of the resource, if the stack has no such tag',
      fallback,
      tags({}),
      resource,
      'resource-team',
      'resource tag',
    ],
    [
      'the owner in the tag of the resource, if it belongs to no stack',
      fallback,
      undefined,
      resource,
      'resource-team',
      'resource tag',
    ],
    [
      'the default owner of the config, if the tag is blank',
      fallback,
      tags({ owner: ' ' }),
      undefined,
      'platform',
      'config default',
    ],
    [
      'the configured owner for an account that is not governed any more',
      { name: 'unknown', from: 'not governed any more' } as const,
      stack,
      resource,
      'unknown',
      'not governed any more',
    ],
  ])('is %s', (_, configured, ofStack, ofResource, name, from) => {
    expect(ownerBy(configured, 'owner', ofStack, ofResource)).toEqual({ name, from });
  });

  it('is read from the tag with the configured key', () => {
    expect(ownerBy(fallback, 'team', undefined, tags({ owner: 'a', team: ' b ' }))).toEqual({
      name: 'b',
      from: 'resource tag',
    });
  });
});

describe('the mode tag', () => {
  it.each(['approve', ' Approve '])('requests an approval with the value "%s"', (value) => {
    expect(maxModeByTags(tags({ [MODE_TAG]: value }))).toMatchObject({
      maxMode: 'approve',
      because: [{ code: 'tag-requires-approval', tag: MODE_TAG }],
    });
  });

  it.each(['observe', 'off', 'auto', '', 'no'])('is ignored with the value "%s", and the reason says so', (value) => {
    const found = maxModeByTags(tags({ [MODE_TAG]: value }));
    expect(found.maxMode).toBeUndefined();
    expect(found.because).toEqual([{ code: 'tag-ignored', tag: MODE_TAG, value }]);
  });

  it('is optional', () => {
    expect(maxModeByTags(tags({ owner: 'approve' }))).toEqual({});
    expect(maxModeByTags(undefined)).toEqual({});
  });
});
