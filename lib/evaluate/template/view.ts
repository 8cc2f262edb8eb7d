import type { Control, Json, Located, State, TemplateResource, TemplateResources } from '../../model/control.ts';
import { own } from '../../model/json.ts';
import { ReferenceIndex, referencingOf } from './references.ts';
import { holds, resolve } from './resolve.ts';
import { isOpen, type Scenario, unasked } from './scenarios.ts';
import { isSpelt, type RawResource, type Template } from './template.ts';

/** Reads a control's state out of a template in one world. */
export function view(control: Control, template: Template, logicalId: string, world: Scenario): Located<State> {
  const { template: place } = control;
  if (!place) return { state: {} };
  if ('locate' in place) {
    if (ReferenceIndex.of(template).isOpen) throw new Error('resources that are added at deployment may bear on it');
    const all = resources(template, world);
    const located = place.locate(logicalId, all, referencingOf(logicalId, template, all));
    return { ...located, state: present(located.state) };
  }
  const properties = spelt(template.Resources?.[logicalId]);
  const state: { [property: string]: Json | undefined } = {};
  for (const name of place) {
    const value = resolve(own(properties, name), template, world);
    if (value !== undefined) state[name] = value;
  }
  return { state, at: logicalId };
}

/** All that a control's view of a resource depends on within one template, as text; undefined where it depends on others, or has no text. */
export function cacheKey({ template: place }: Control, raw: RawResource | undefined): string | undefined {
  if (!raw || !place || 'locate' in place || !isSpelt(raw)) return undefined;
  const seen: { [name: string]: Json | undefined } = {};
  for (const name of place) seen[name] = own(raw.Properties, name);
  try {
    return JSON.stringify([raw.Condition, seen]);
  } catch {
    return undefined; // too deep, or in a circle: nobody can say it, and `assess` says why
  }
}

/** The properties that a control's state consists of. */
export const propertiesOf = ({ template }: Control): readonly string[] =>
  template === undefined ? [] : 'locate' in template ? template.properties : template;

/** Whether a resource is made in a world; asks where that is not decided. */
export function exists(template: Template, logicalId: string, world: Scenario): boolean {
  const condition = template.Resources?.[logicalId]?.Condition;
  return typeof condition !== 'string' || holds(condition, template, world);
}

/** Whether a resource may be made in a world, as far as that is decided; asks nothing. */
export const mayExist = (template: Template, logicalId: string, world: Scenario): boolean =>
  template.Resources?.[logicalId]?.Condition === undefined ||
  unasked(() => exists(template, logicalId, world)) !== false;

function present(state: State): State {
  if (!Object.values(state).includes(undefined)) return state;
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

/** A resource's properties where the template spells them out; throws where something else writes them. */
function spelt(raw: RawResource | undefined) {
  if (raw && !isSpelt(raw)) throw new Error('a macro or a function writes properties of this resource');
  return raw?.Properties ?? {};
}

type Properties = NonNullable<RawResource['Properties']>;

const undecided = new WeakMap<Template, TemplateResources>();

/** The template's resources as they exist in a world; what decides nothing is shared by all controls and resources. */
function resources(template: Template, world: Scenario): TemplateResources {
  if (!isOpen(world)) return resourcesIn(template, world);
  const known = undecided.get(template) ?? resourcesIn(template, world);
  undecided.set(template, known);
  return known;
}

/** Made one by one when somebody looks, for a view of a world is mostly about two or three of them. */
function resourcesIn(template: Template, world: Scenario): TemplateResources {
  const all = template.Resources ?? {};
  const made = new Map<string, TemplateResource | undefined>();
  const look = viewer(template, world);
  const get = (id: string | symbol) => {
    if (typeof id === 'symbol') return undefined;
    if (!made.has(id)) made.set(id, Object.hasOwn(all, id) ? lazy(id, template, world, look) : undefined);
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
 * A resource whose conditions are asked about only when somebody looks at its properties, and then only those of the
 * property looked at: every question doubles the worlds.
 */
function lazy(id: string, template: Template, world: Scenario, look: (written: Properties) => Properties) {
  const raw = template.Resources?.[id];
  if (typeof raw?.Type !== 'string' || !mayExist(template, id, world)) return undefined;
  const { Type } = raw;
  if (raw.Condition === undefined && isSpelt(raw)) return { Type, Properties: look(raw.Properties ?? {}) };
  return {
    Type,
    get Properties() {
      exists(template, id, world); // for the question alone
      return look(spelt(raw));
    },
  };
}

/** Makes views of resources' properties, of which each is resolved when somebody looks at it. */
function viewer(template: Template, world: Scenario): (written: Properties) => Properties {
  const resolved = (written: Properties, name: string | symbol) =>
    typeof name === 'string' ? resolve(own(written, name), template, world) : undefined;
  const traps: ProxyHandler<{ readonly written: Properties }> = {
    get: ({ written }, name) => resolved(written, name),
    has: ({ written }, name) => Object.hasOwn(written, name),
    ownKeys: ({ written }) => Object.keys(written),
    getOwnPropertyDescriptor: ({ written }, name) =>
      Object.hasOwn(written, name)
        ? { value: resolved(written, name), enumerable: true, configurable: true }
        : undefined,
  };
  // All that is seen of it is what the traps give, which are properties.
  return (written) => new Proxy({ written }, traps) as unknown as Properties;
}
