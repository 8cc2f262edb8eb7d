import type { Control } from '../../model/control.ts';
import { type Json, own } from '../../model/json.ts';
import type { Located, State } from '../../model/template-view.ts';
import { ReferenceIndex, referencingOf } from './references.ts';
import { resolve } from './resolve.ts';
import { explicitProperties, resourcesOf } from './resource-views.ts';
import type { Scenario } from './scenarios.ts';
import { hasExplicitProperties, type RawResource, type Template } from './template.ts';

/** Reads a control's state from a template in one scenario. */
export function view(control: Control, template: Template, logicalId: string, scenario: Scenario): Located<State> {
  const { template: place } = control;
  if (!place) return { state: {} };
  if ('locate' in place) {
    if (ReferenceIndex.of(template).hasUnknownResources)
      throw new Error('a macro adds resources at deployment that may affect the result');
    const all = resourcesOf(template, scenario);
    const { state, at, restore, origins } = place.locate(logicalId, all, referencingOf(logicalId, template, all));
    return { state: withoutUndefined(state), at, restore, origins };
  }
  const properties = explicitProperties(template.Resources?.[logicalId]);
  const state: { [property: string]: Json | undefined } = {};
  for (const name of place) {
    const value = resolve(own(properties, name), template, scenario);
    if (value !== undefined) state[name] = value;
  }
  return { state, at: logicalId };
}

/**
 * Resources with equal keys have equal views within one template; undefined if the view depends on other resources or
 * cannot be cached.
 */
export function cacheKey({ template: place }: Control, raw: RawResource | undefined): string | undefined {
  if (!raw || !place || 'locate' in place || !hasExplicitProperties(raw)) return undefined;
  const read: { [name: string]: Json | undefined } = {};
  for (const name of place) read[name] = own(raw.Properties, name);
  try {
    return JSON.stringify([raw.Condition, read]);
  } catch {
    return undefined; // nested too deeply or circular; `assess` reports the reason
  }
}

/** The properties of a control's state that a template can have. */
export const propertiesOf = ({ template }: Control): readonly string[] =>
  template === undefined ? [] : 'locate' in template ? template.properties : template;

function withoutUndefined(state: State): State {
  if (!Object.values(state).includes(undefined)) return state;
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}
