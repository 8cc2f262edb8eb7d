import type { Json, TemplateResource, TemplateResources } from '../../model/control.ts';
import { isList, own } from '../../model/json.ts';
import { intrinsic, type RawResource, type Template } from './template.ts';

/** The references of one type's resources by some of their properties, in the order of the template. */
interface References {
  /** The ids of the referencing resources by the referenced id. */
  readonly certain: ReadonlyMap<string, readonly string[]>;
  /** Resources that refer by a name or an unresolved value, and so to any resource. */
  readonly possible: readonly string[];
}

const EMPTY: readonly string[] = [];
const known = new WeakMap<Template, ReferenceIndex>();

/** An index of a template's resources by type and reference. It saves each control a search through all resources. */
export class ReferenceIndex {
  readonly #template: Template;
  readonly #byType = new Map<string, string[]>();
  readonly #references = new Map<string, References>();
  readonly #order = new Map<string, number>();
  /** Whether a macro adds resources at deployment. */
  readonly hasUnknownResources: boolean;

  static of(template: Template): ReferenceIndex {
    const index = known.get(template) ?? new ReferenceIndex(template);
    known.set(template, index);
    return index;
  }

  private constructor(template: Template) {
    this.#template = template;
    for (const id in template.Resources) {
      const type = template.Resources[id]?.Type;
      if (typeof type !== 'string') continue;
      this.#order.set(id, this.#order.size);
      add(this.#byType, type, id);
    }
    this.hasUnknownResources = intrinsic(template.Resources as Json) !== undefined; // a template is JSON
  }

  /** The resources of a type that refer, or may refer, to another one by some of their properties. */
  referencing(logicalId: string, type: string, properties: readonly string[]): readonly string[] {
    const { certain, possible } = this.#referencesOf(type, properties);
    const found = certain.get(logicalId) ?? EMPTY;
    if (possible.length === 0) return found;
    const place = (id: string) => this.#order.get(id) ?? 0;
    return [...new Set([...found, ...possible])].sort((a, b) => place(a) - place(b));
  }

  /** Whether a resource refers to a resource of the template by some of its properties. */
  belongs(logicalId: string, properties: readonly string[]): boolean {
    return (this.#targets(this.#template.Resources?.[logicalId], properties) ?? EMPTY).length > 0;
  }

  #referencesOf(type: string, properties: readonly string[]): References {
    const key = [type, ...properties].join();
    const found = this.#references.get(key) ?? this.#read(type, properties);
    this.#references.set(key, found);
    return found;
  }

  #read(type: string, properties: readonly string[]): References {
    const certain = new Map<string, string[]>();
    const possible: string[] = [];
    for (const id of this.#byType.get(type) ?? EMPTY) {
      const targets = this.#targets(this.#template.Resources?.[id], properties);
      if (!targets) possible.push(id);
      else for (const target of new Set(targets)) add(certain, target, id);
    }
    return { certain, possible };
  }

  #targets(raw: RawResource | undefined, properties: readonly string[]): readonly string[] | undefined {
    const all = raw?.Properties ?? {};
    if (intrinsic(all)) return undefined;
    return union(properties.map((name) => this.#referredTo(own(all, name))));
  }

  #referredTo(value: Json | undefined): readonly string[] | undefined {
    if (value === undefined) return EMPTY;
    const { name, argument } = intrinsic(value) ?? {};
    if (name === 'Fn::If' && isList(argument))
      return union(argument.slice(1).map((branch) => this.#referredTo(branch)));
    if (name === 'Ref' && argument === 'AWS::NoValue') return EMPTY;
    const attribute = name === 'Fn::GetAtt' && (isList(argument) ? argument[0] : argument);
    const id = name === 'Ref' ? argument : typeof attribute === 'string' ? attribute.split('.')[0] : undefined;
    return typeof id === 'string' && this.#order.has(id) ? [id] : undefined;
  }
}

function add(lists: Map<string, string[]>, key: string, item: string): void {
  const list = lists.get(key);
  if (list) list.push(item);
  else lists.set(key, [item]);
}

function union(parts: readonly (readonly string[] | undefined)[]): readonly string[] | undefined {
  const found = parts.filter((part) => part !== undefined);
  return found.length === parts.length ? found.flat() : undefined;
}

/** The `referencing` function that a control's `locate` receives. */
export function referencingOf(logicalId: string, template: Template, resources: TemplateResources) {
  return (type: string, properties: readonly string[]) =>
    ReferenceIndex.of(template)
      .referencing(logicalId, type, properties)
      .map((id) => [id, resources[id]] as const)
      .filter((entry): entry is readonly [string, TemplateResource] => entry[1] !== undefined);
}
