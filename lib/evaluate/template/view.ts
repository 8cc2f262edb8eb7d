import type { Control, Json, Located, State, TemplateResource, TemplateResources } from '../../model/control.ts';
import { own } from '../../model/json.ts';
import { ReferenceIndex, referencingOf } from './references.ts';
import { holds, resolve } from './resolve.ts';
import { ifDecided, isEmpty, type Scenario } from './scenarios.ts';
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

/** Whether a resource exists in a scenario; asks about undecided conditions. */
export function exists(template: Template, logicalId: string, scenario: Scenario): boolean {
  const condition = template.Resources?.[logicalId]?.Condition;
  return typeof condition !== 'string' || holds(condition, template, scenario);
}

/** Whether a resource may exist in a scenario; asks no questions. */
export function mayExist(template: Template, logicalId: string, scenario: Scenario): boolean {
  if (template.Resources?.[logicalId]?.Condition === undefined) return true;
  try {
    return ifDecided(() => exists(template, logicalId, scenario)) !== false;
  } catch (error) {
    if (error instanceof Error) return true; // the condition cannot be evaluated, and `scenarioStates` reports the reason
    throw error;
  }
}

function withoutUndefined(state: State): State {
  if (!Object.values(state).includes(undefined)) return state;
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

/** A resource's properties; throws if the template does not list all of them. */
function explicitProperties(raw: RawResource | undefined) {
  if (raw && !hasExplicitProperties(raw))
    throw new Error('a macro or an intrinsic function sets properties of this resource');
  return raw?.Properties ?? {};
}

type Properties = NonNullable<RawResource['Properties']>;

const emptyScenarios = new WeakMap<Template, TemplateResources>();

/** The template's resources in a scenario; all controls share those of the empty scenario. */
function resourcesOf(template: Template, scenario: Scenario): TemplateResources {
  if (!isEmpty(scenario)) return resourcesIn(template, scenario);
  const known = emptyScenarios.get(template) ?? resourcesIn(template, scenario);
  emptyScenarios.set(template, known);
  return known;
}

/** Creates each resource on first access, because most views access two or three of them. */
function resourcesIn(template: Template, scenario: Scenario): TemplateResources {
  const all = template.Resources ?? {};
  const made = new Map<string, TemplateResource | undefined>();
  const viewOf = propertyViews(template, scenario);
  const get = (id: string | symbol) => {
    if (typeof id === 'symbol') return undefined;
    if (!made.has(id)) made.set(id, Object.hasOwn(all, id) ? lazyResource(id, template, scenario, viewOf) : undefined);
    return made.get(id);
  };
  return new Proxy<TemplateResources>(Object.create(null), {
    get: (_none, id) => get(id),
    has: (_none, id) => get(id) !== undefined,
    ownKeys: () => Object.keys(all).filter((id) => get(id) !== undefined),
    getOwnPropertyDescriptor(_none, id) {
      const value = get(id);
      return value && { value, enumerable: true, configurable: true };
    },
  });
}

/**
 * A resource that asks about a condition only when a property that depends on it is accessed: each question doubles the
 * scenarios.
 */
function lazyResource(id: string, template: Template, scenario: Scenario, viewOf: (written: Properties) => Properties) {
  const raw = template.Resources?.[id];
  if (typeof raw?.Type !== 'string' || !mayExist(template, id, scenario)) return undefined;
  const { Type } = raw;
  if (raw.Condition === undefined && hasExplicitProperties(raw))
    return { Type, Properties: viewOf(raw.Properties ?? {}) };
  return {
    Type,
    get Properties() {
      exists(template, id, scenario); // asks about the resource's condition
      return viewOf(explicitProperties(raw));
    },
  };
}

/** Returns a function that wraps properties so that each is resolved on access. */
function propertyViews(template: Template, scenario: Scenario): (written: Properties) => Properties {
  const resolved = (written: Properties, name: string | symbol) =>
    typeof name === 'string' ? resolve(own(written, name), template, scenario) : undefined;
  const traps: ProxyHandler<{ readonly written: Properties }> = {
    get: ({ written }, name) => resolved(written, name),
    has: ({ written }, name) => Object.hasOwn(written, name),
    ownKeys: ({ written }) => Object.keys(written),
    getOwnPropertyDescriptor: ({ written }, name) =>
      Object.hasOwn(written, name)
        ? { value: resolved(written, name), enumerable: true, configurable: true }
        : undefined,
  };
  // The traps show the properties only, and hide `written`.
  return (written) => new Proxy({ written }, traps) as unknown as Properties;
}
