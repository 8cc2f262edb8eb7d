import { describe, expect, it } from 'vitest';
import { MODE_TAG, maxModeByTags, ownerBy, type Tags } from '../../lib/config/tags.ts';

const tags = (entries: { readonly [key: string]: string }): Tags => new Map(Object.entries(entries));
const standard = { name: 'platform', from: 'config default' } as const;

describe('the owner', () => {
  const [stack, resource] = [tags({ owner: 'stack-team' }), tags({ owner: 'resource-team' })];

  it.each([
    [
      'the config before every tag',
      { name: 'a', from: 'config account' } as const,
      stack,
      resource,
      'a',
      'config account',
    ],
    ['the stack before the resource', standard, stack, resource, 'stack-team', 'stack tag'],
    ['the resource where the stack says nothing', standard, tags({}), resource, 'resource-team', 'resource tag'],
    ['the resource where no stack holds it', standard, undefined, resource, 'resource-team', 'resource tag'],
    ['the default where a tag is blank', standard, tags({ owner: ' ' }), undefined, 'platform', 'config default'],
    [
      'nobody who left',
      { name: 'unknown', from: 'not governed any more' } as const,
      stack,
      resource,
      'unknown',
      'not governed any more',
    ],
  ])('is %s', (_, configured, ofStack, ofResource, name, from) => {
    expect(ownerBy(configured, 'owner', ofStack, ofResource)).toEqual({ name, from });
  });

  it('stands in the tag that the config names', () => {
    expect(ownerBy(standard, 'team', undefined, tags({ owner: 'a', team: ' b ' }))).toEqual({
      name: 'b',
      from: 'resource tag',
    });
  });
});

describe('a tag about the mode', () => {
  it.each(['approve', ' Approve '])('asks for people by "%s"', (value) => {
    expect(maxModeByTags(tags({ [MODE_TAG]: value }))).toMatchObject({
      maxMode: 'approve',
      because: expect.any(String),
    });
  });

  it.each(['observe', 'off', 'auto', '', 'no'])('exempts nobody by "%s", and that is said', (value) => {
    const found = maxModeByTags(tags({ [MODE_TAG]: value }));
    expect(found.maxMode).toBeUndefined();
    expect(found.because).toMatch(/ignored/);
  });

  it('need not be there', () => {
    expect(maxModeByTags(tags({ owner: 'approve' }))).toEqual({});
    expect(maxModeByTags(undefined)).toEqual({});
  });
});
