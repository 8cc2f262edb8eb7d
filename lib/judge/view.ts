import type { Control, Json, Located, State, TemplateResource, TemplateResources } from '../control.ts';
import { holds } from './conditions.ts';
import { resolve } from './resolve.ts';
import { intrinsic, type RawResource, type Template } from './template.ts';
import { unasked, type World } from './worlds.ts';

/** Reads a control's state out of a template in one world. */
export function view(control: Control, template: Template, logicalId: string, world: World): Located<State> {
  const { template: place } = control;
  if (!place) return { state: {} };
  if ('locate' in place) {
    const located = place.locate(logicalId, resources(template, world));
    return { ...located, state: present(located.state) };
  }
  const properties = template.Resources?.[logicalId]?.Properties ?? {};
  if (intrinsic(properties)) throw new Error('a macro or a function writes properties of this resource');
  return {
    state: present(Object.fromEntries(place.map((name) => [name, resolve(properties[name], template, world)]))),
    at: logicalId,
  };
}

/** The properties that a control's state consists of. */
export const propertiesOf = ({ template }: Control): readonly string[] =>
  template === undefined ? [] : 'locate' in template ? template.properties : template;

/** Whether a resource is made in a world; asks where that is not decided. */
export function exists(template: Template, logicalId: string, world: World): boolean {
  const condition = template.Resources?.[logicalId]?.Condition;
  return typeof condition !== 'string' || holds(condition, template, world);
}

function present(state: State): State {
  return Object.fromEntries(Object.entries(state).filter(([, value]) => value !== undefined));
}

const undecided = new WeakMap<Template, TemplateResources>();

/** The template's resources as they exist in a world; what decides nothing is shared by all controls and resources. */
function resources(template: Template, world: World): TemplateResources {
  if (Object.keys(world).length > 0) return resourcesIn(template, world);
  const known = undecided.get(template) ?? resourcesIn(template, world);
  undecided.set(template, known);
  return known;
}

function resourcesIn(template: Template, world: World): TemplateResources {
  const made: { [logicalId: string]: TemplateResource } = {};
  for (const [id, raw] of Object.entries(template.Resources ?? {}))
    if (typeof raw?.Type === 'string' && unasked(() => exists(template, id, world)) !== false)
      made[id] = lazy(raw.Type, id, raw, template, world);
  return made;
}

/**
 * A resource whose conditions are asked about only when somebody looks at its properties, and then only those of the
 * property looked at: every question doubles the worlds.
 */
function lazy(Type: string, id: string, raw: RawResource, template: Template, world: World): TemplateResource {
  const properties = once(() => lazyProperties(raw.Properties ?? {}, template, world));
  return {
    Type,
    get Properties() {
      exists(template, id, world); // for the question alone
      return properties();
    },
  };
}

function lazyProperties(raw: { readonly [name: string]: Json | undefined }, template: Template, world: World) {
  const made = {};
  for (const [name, value] of Object.entries(raw))
    Object.defineProperty(made, name, { enumerable: true, get: once(() => resolve(value, template, world)) });
  return made;
}

function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
