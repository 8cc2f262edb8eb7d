import { describe, expect, it } from 'vitest';
import { evaluate, type Template } from '../../lib/evaluate/index.ts';
import { exampleControls, guests, house, lock } from './fixtures.ts';

const only = (template: Template) => evaluate(exampleControls, template).findings[0];

describe("a finding's change", () => {
  it('has the properties before and after, and no others', () => {
    const Door = { Type: lock.resource, Properties: { Locked: false, Sign: { Ref: 'Sign' }, Colour: 'red' } };
    expect(only({ Resources: { Door } })).toMatchObject({
      path: ['Properties', 'Locked'],
      change: { from: { Locked: false, Sign: { Ref: 'Sign' } }, to: { Locked: true, Sign: { Ref: 'Sign' } } },
    });
  });

  it('belongs to the resource that holds the state', () => {
    const Resources = {
      House: { Type: house.resource },
      Door: { Type: 'Toy::House::Door', Properties: { House: { Ref: 'House' } } },
    };
    const [finding] = evaluate([house], { Resources }).findings;
    expect(finding).toMatchObject({ logicalId: 'House', at: 'Door', change: { from: {}, to: { Locked: true } } });
  });

  it('is absent if no resource holds the state, or if the fix depends on conditions', () => {
    expect(evaluate([house], { Resources: { House: { Type: house.resource } } }).findings[0]?.change).toBeUndefined();
    const Guests = { 'Fn::If': ['C', [{ Name: 'anyone' }, { Name: 'Ann' }], [{ Name: 'anyone' }]] };
    const found = only({ Resources: { Room: { Type: guests.resource, Properties: { Guests } } } });
    expect(found?.verdict).toBe('violation');
    expect(found).not.toHaveProperty('change');
  });

  it('keeps intrinsic functions in values that do not change', () => {
    const Sign = { 'Fn::If': ['C', 'a', 'b'] };
    const Door = { Type: lock.resource, Properties: { Sign, Locked: { 'Fn::Sub': 'false' } } };
    expect(only({ Resources: { Door } })?.change).toEqual({
      from: { Sign, Locked: { 'Fn::Sub': 'false' } },
      to: { Sign, Locked: true },
    });
    const Ann = { Name: { 'Fn::Join': ['', ['A', 'nn']] } };
    const Room = { Type: guests.resource, Properties: { Guests: [{ Name: 'anyone' }, Ann] } };
    expect(only({ Resources: { Room } })?.change?.to).toEqual({ Guests: [Ann] });
  });

  it('is absent for a resource that a loop generates, because the template does not contain it', () => {
    const loop = ['N', ['1', '2'], { 'Door&{N}': { Type: lock.resource } }];
    const { findings } = evaluate([lock], {
      Transform: 'AWS::LanguageExtensions',
      Resources: { 'Fn::ForEach::Doors': loop as never },
    });
    expect(findings.map(({ logicalId, change }) => [logicalId, change])).toEqual([
      ['Door1', undefined],
      ['Door2', undefined],
    ]);
  });
});

it('reports each compliant pair of control and resource', () => {
  const compliant: string[] = [];
  const Resources = {
    Good: { Type: lock.resource, Properties: { Locked: true } },
    Bad: { Type: lock.resource },
    Open: { Type: lock.resource, Properties: { Locked: { Ref: 'L' } } },
  };
  evaluate([lock], { Resources }, { onCompliant: ({ id }, logicalId) => compliant.push(`${id} ${logicalId}`) });
  expect(compliant).toEqual(['lock Good']);
});
