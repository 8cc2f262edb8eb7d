import type { Json, TemplateResource, TemplateResources } from '../../model/control.ts';
import { isList, own } from '../../model/json.ts';
import { intrinsic, type RawResource, type Template } from './template.ts';

/** Where the resources of one type point to by some of their properties, in the order of the template. */
interface Pointers {
  readonly to: ReadonlyMap<string, readonly string[]>;
  /** Those that may point anywhere, by a name or by a value known only at deployment. */
  readonly anywhere: readonly string[];
}

const EMPTY: readonly string[] = [];
const known = new WeakMap<Template, ReferenceIndex>();

/** A template's resources by type and by what they point at, made once, so that no control walks them all for each. */
export class ReferenceIndex {
  readonly #template: Template;
  readonly #byType = new Map<string, string[]>();
  readonly #pointers = new Map<string, Pointers>();
  readonly #order = new Map<string, number>();
  /** Whether resources are added at deployment that the template does not spell out. */
  readonly isOpen: boolean;

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
    this.isOpen = intrinsic(template.Resources as Json) !== undefined; // it came out of JSON
  }

  /** The resources of a type that point at another one by some of their properties, or may. */
  pointingAt(logicalId: string, type: string, properties: readonly string[]): readonly string[] {
    const { to, anywhere } = this.#pointersOf(type, properties);
    const certain = to.get(logicalId) ?? EMPTY;
    if (anywhere.length === 0) return certain;
    const place = (id: string) => this.#order.get(id) ?? 0;
    return [...new Set([...certain, ...anywhere])].sort((a, b) => place(a) - place(b));
  }

  /** Whether a resource points at one of the template by some of its properties. */
  belongs(logicalId: string, properties: readonly string[]): boolean {
    return (this.#targets(this.#template.Resources?.[logicalId], properties) ?? EMPTY).length > 0;
  }

  #pointersOf(type: string, properties: readonly string[]): Pointers {
    const key = [type, ...properties].join();
    const found = this.#pointers.get(key) ?? this.#read(type, properties);
    this.#pointers.set(key, found);
    return found;
  }

  #read(type: string, properties: readonly string[]): Pointers {
    const to = new Map<string, string[]>();
    const anywhere: string[] = [];
    for (const id of this.#byType.get(type) ?? EMPTY) {
      const targets = this.#targets(this.#template.Resources?.[id], properties);
      if (!targets) anywhere.push(id);
      else for (const target of new Set(targets)) add(to, target, id);
    }
    return { to, anywhere };
  }

  #targets(raw: RawResource | undefined, properties: readonly string[]): readonly string[] | undefined {
    const all = raw?.Properties ?? {};
    if (intrinsic(all)) return undefined;
    return union(properties.map((name) => this.#pointedAt(own(all, name))));
  }

  #pointedAt(value: Json | undefined): readonly string[] | undefined {
    if (value === undefined) return EMPTY;
    const { name, argument } = intrinsic(value) ?? {};
    if (name === 'Fn::If' && isList(argument)) return union(argument.slice(1).map((branch) => this.#pointedAt(branch)));
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

/** The resources that point at one of them, or may, as a control's `locate` takes them. */
export function referencingOf(logicalId: string, template: Template, resources: TemplateResources) {
  return (type: string, properties: readonly string[]) =>
    ReferenceIndex.of(template)
      .pointingAt(logicalId, type, properties)
      .map((id) => [id, resources[id]] as const)
      .filter((entry): entry is readonly [string, TemplateResource] => entry[1] !== undefined);
}
