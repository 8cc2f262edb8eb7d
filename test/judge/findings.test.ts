import { describe, expect, it } from 'vitest';
import { judge, type Template } from '../../lib/judge/index.ts';
import { house, lock, toys } from './toys.ts';

const only = (template: Template) => judge(toys, template).findings[0];

describe("a finding's change", () => {
  it('is the properties before and after, and names no others', () => {
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
    const [finding] = judge([house], { Resources }).findings;
    expect(finding).toMatchObject({ logicalId: 'House', at: 'Door', change: { from: {}, to: { Locked: true } } });
  });

  it('is absent where no resource holds the state, and where conditions decide what is right', () => {
    expect(judge([house], { Resources: { House: { Type: house.resource } } }).findings[0]?.change).toBeUndefined();
    const Sign = { 'Fn::If': ['C', 'a', 'b'] };
    expect(only({ Resources: { Door: { Type: lock.resource, Properties: { Sign } } } })).not.toHaveProperty('change');
  });
});

it('tells of what is compliant, by control and resource', () => {
  const told: string[] = [];
  const Resources = {
    Good: { Type: lock.resource, Properties: { Locked: true } },
    Bad: { Type: lock.resource },
    Open: { Type: lock.resource, Properties: { Locked: { Ref: 'L' } } },
  };
  judge([lock], { Resources }, { onCompliant: ({ id }, logicalId) => told.push(`${id} ${logicalId}`) });
  expect(told).toEqual(['lock Good']);
});
