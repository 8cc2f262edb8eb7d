import type { Control, Observation } from './control.ts';
import { type Clients, type ControlTarget, type IamAction, type ServiceName, withArn } from './resource-type.ts';
import type { Place, Target } from './target.ts';
import type { State } from './template-view.ts';

type Facets = { readonly [name: string]: unknown };

/** A resource type with its type parameters erased. */
interface Source {
  readonly arn?: string;
  readonly list: {
    readonly actions: readonly IamAction<ServiceName>[];
    all(clients: Clients, place: Place): AsyncIterable<{ readonly id: string; readonly facets?: Facets }>;
  };
  readonly facets: {
    readonly [name: string]: {
      readonly actions: readonly IamAction<ServiceName>[];
      read(clients: Clients, target: ControlTarget): Promise<unknown>;
    };
  };
}

type MakeState = (facets: Facets, target: ControlTarget) => State | undefined;

/** The live view of a control: the listing of its type, and the facets that it names. */
export function observationOf(type: object, names: readonly string[], stateOf: MakeState): Observation {
  const source = type as Source; // every resource type is one, whatever its facets are
  const facets = names.map((name) => source.facets[name]).filter((facet) => facet !== undefined);
  return {
    actions: [...new Set([...source.list.actions, ...facets.flatMap(({ actions }) => actions)])],
    async *list(clients, place) {
      for await (const { id, facets: known } of source.list.all(clients, place)) {
        if (!known || !names.every((name) => name in known)) yield { id };
        else {
          const state = stateOf(known, withArn(source, { ...place, id }));
          if (state) yield { id, state };
        }
      }
    },
    async read(clients, target) {
      const known = await readFacets(type, names, clients, target);
      return known && stateOf(known, withArn(source, target));
    },
  };
}

/** One resource of a type, with its state for each control, or the error that kept a control's state from being read. */
export interface ObservedResource {
  readonly id: string;
  readonly states: readonly { readonly control: Control; readonly state?: State; readonly error?: unknown }[];
}

/** Lists a type once for several of its controls, and reads each facet that they name once for each resource. */
export async function* observeTogether(
  controls: readonly [Control, ...Control[]],
  clients: Clients,
  place: Place,
): AsyncGenerator<ObservedResource> {
  const source = controls[0].type as Source; // see above
  for await (const { id, facets: known = {} } of source.list.all(clients, place)) {
    const target = { ...place, id };
    const reads = new Map<string, Promise<unknown>>();
    const facet = (name: string): Promise<unknown> => {
      const read =
        reads.get(name) ?? (name in known ? Promise.resolve(known[name]) : readFacet(source, name, clients, target));
      reads.set(name, read);
      return read;
    };
    yield { id, states: await Promise.all(controls.map((control) => stateOf(control, facet, target))) };
  }
}

async function stateOf(control: Control, facet: (name: string) => Promise<unknown>, target: Target) {
  try {
    const facets = await Promise.all(control.facets.map(async (name) => [name, await facet(name)] as const));
    if (facets.some(([, value]) => value === undefined)) return { control };
    return { control, state: control.state(Object.fromEntries(facets), withArn(control.type, target)) };
  } catch (error) {
    return { control, error };
  }
}

const readFacet = (source: Source, name: string, clients: Clients, target: Target) =>
  source.facets[name]?.read(clients, withArn(source, target)) ?? Promise.resolve(undefined);

/** Reads facets of one resource side by side; `undefined` when one finds no resource. */
export async function readFacets(
  type: object,
  names: readonly string[],
  clients: Clients,
  target: Target,
): Promise<Facets | undefined> {
  const source = type as Source; // see above
  const read = async (name: string) => [name, await readFacet(source, name, clients, target)] as const;
  const entries = await Promise.all(names.map(read));
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}
