import { applyPatch } from 'rfc6902';
import { describe, expect, it } from 'vitest';
import { patchOf } from '../../lib/evaluate/change.ts';
import { evaluate, type Template } from '../../lib/evaluate/index.ts';
import { exampleControls, guests, house, lock } from './fixtures.ts';

function patched(template: Template, controls = exampleControls) {
  const [finding] = evaluate(controls, template).findings;
  if (!finding) throw new Error('nothing was found');
  const patch = patchOf(template, finding);
  const copy = structuredClone(template);
  if (patch) expect(applyPatch(copy, [...patch])).toEqual(patch.map(() => null));
  return { patch, template: copy };
}

describe('the patch to a template', () => {
  it('fixes it from its root and keeps its intrinsic functions', () => {
    const Door = { Type: lock.resource, Properties: { Locked: { 'Fn::Sub': 'false' }, Sign: { Ref: 'Sign' } } };
    const { patch, template } = patched({ Resources: { Door, Other: { Type: 'Toy::Other' } } });
    expect(patch).toEqual([{ op: 'replace', path: '/Resources/Door/Properties/Locked', value: true }]);
    expect(evaluate(exampleControls, template).findings).toEqual([]);
  });

  it('adds properties to a resource without any', () => {
    const { patch, template } = patched({ Resources: { Door: { Type: lock.resource } } });
    expect(patch).toEqual([{ op: 'add', path: '/Resources/Door/Properties', value: { Locked: true } }]);
    expect(evaluate(exampleControls, template).findings).toEqual([]);
  });

  it('changes the resource that holds the state', () => {
    const Resources = {
      House: { Type: house.resource },
      Door: { Type: 'Toy::House::Door', Properties: { House: { Ref: 'House' } } },
    };
    expect(patched({ Resources }, [house]).patch).toEqual([
      { op: 'add', path: '/Resources/Door/Properties/Locked', value: true },
    ]);
  });

  it('is undefined if the fix is not certain', () => {
    const Guests = { 'Fn::If': ['C', [{ Name: 'anyone' }, { Name: 'Ann' }], [{ Name: 'anyone' }]] };
    const { patch } = patched({ Resources: { Room: { Type: guests.resource, Properties: { Guests } } } });
    expect(patch).toBeUndefined();
  });
});
