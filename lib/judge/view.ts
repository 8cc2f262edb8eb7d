import type { Control, Json, Located, State, TemplateResource, TemplateResources } from '../control.ts';
import type { RawResource, Template } from './template.ts';
import { decided, holding, holds, resolve, type World } from './worlds.ts';

/** Reads a control's state out of a template in one world. */
export function view(control: Control, template: Template, logicalId: string, world: World): Located<State> {
  const { template: place } = control;
  if (!place) return { state: {} };
  if ('locate' in place) {
    const located = place.locate(logicalId, resources(template, world));
    return { ...located, state: present(located.state) };
  }
  const properties = template.Resources?.[logicalId]?.Properties ?? {};
  if ('Fn::Transform' in properties) throw new Error('a macro writes properties of this resource');
  return {
    state: present(Object.fromEntries(place.map((name) => [name, resolve(properties[name], template, world)]))),
    at: logicalId,
  };
}

/** The properties that a control's state consists of. */
export const propertiesOf = ({ template }: Control): readonly string[] =>
  template === undefined ? [] : 'locate' in template ? template.properties : template;

/** The world to start from when judging a resource: the condition that it depends on holds. */
export const startOf = (template: Template, logicalId: string): World =>
  holding(template.Resources?.[logicalId]?.Condition);

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
    if (typeof raw?.Type === 'string' && decided(raw.Condition, world) !== false)
      made[id] = lazy(raw.Type, raw, template, world);
  return made;
}

/**
 * A resource whose conditions are asked about only when somebody looks at its properties, and then only those of the
 * property looked at: every question doubles the worlds.
 */
function lazy(Type: string, raw: RawResource, template: Template, world: World): TemplateResource {
  const properties = once(() => lazyProperties(raw.Properties ?? {}, template, world));
  return {
    Type,
    get Properties() {
      if (typeof raw.Condition === 'string') holds(raw.Condition, world);
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
