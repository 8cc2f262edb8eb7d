import { own } from '../../model/json.ts';
import type { TemplateResource, TemplateResources } from '../../model/template-view.ts';
import { exists, mayExist } from './existence.ts';
import { resolve } from './resolve.ts';
import { isEmpty, type Scenario } from './scenarios.ts';
import { hasExplicitProperties, type RawResource, type Template } from './template.ts';

/** A resource's properties; throws if the template does not list all of them. */
export function explicitProperties(raw: RawResource | undefined) {
  if (raw && !hasExplicitProperties(raw))
    throw new Error('a macro or an intrinsic function sets properties of this resource');
  return raw?.Properties ?? {};
}

type Properties = NonNullable<RawResource['Properties']>;

const emptyScenarios = new WeakMap<Template, TemplateResources>();

/** The template's resources in a scenario; all controls share those of the empty scenario. */
export function resourcesOf(template: Template, scenario: Scenario): TemplateResources {
  if (!isEmpty(scenario)) return resourcesIn(template, scenario);
  const known = emptyScenarios.get(template) ?? resourcesIn(template, scenario);
  emptyScenarios.set(template, known);
  return known;
}

/** Creates each resource on first access, because most views access two or three of them. */
function resourcesIn(template: Template, scenario: Scenario): TemplateResources {
  const all = template.Resources ?? {};
  const views = new Map<string, TemplateResource | undefined>();
  const viewOf = propertyViews(template, scenario);
  const get = (id: string | symbol) => {
    if (typeof id === 'symbol') return undefined;
    if (!views.has(id))
      views.set(id, Object.hasOwn(all, id) ? lazyResource(id, template, scenario, viewOf) : undefined);
    return views.get(id);
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
