import type { Control, Observation } from './control.ts';
import { type Clients, type ControlTarget, type IamAction, type ServiceName, withArn } from './resource-type.ts';
import type { Place, Target } from './target.ts';
import type { State } from './template-view.ts';

/** The facets of one resource by name. */
export type Facets = { readonly [name: string]: unknown };

/** A resource type with its type parameters erased, as the engine calls it. */
export interface ErasedResource {
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

/** Builds the live view of a control from the listing of its type and the facets that it names. */
export function observationOf(source: ErasedResource, names: readonly string[], stateOf: MakeState): Observation {
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
      const known = await readFacets(source, names, clients, target);
      return known && stateOf(known, withArn(source, target));
    },
  };
}

/** One resource of a type, with its state or read error for each control. */
interface ObservedResource {
  readonly id: string;
  readonly states: readonly { readonly control: Control; readonly state?: State; readonly error?: unknown }[];
}

/** Lists a type once for several controls, and reads each facet only once for each resource. */
export async function* observeTogether(
  controls: readonly [Control, ...Control[]],
  clients: Clients,
  place: Place,
): AsyncGenerator<ObservedResource> {
  const source = controls[0].type as ErasedResource; // every resource type is one, whatever its facets are
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

/** Reads one facet of a resource; `undefined` if the resource is gone or the type has no such facet. */
export const readFacet = (source: ErasedResource, name: string, clients: Clients, target: Target) =>
  source.facets[name]?.read(clients, withArn(source, target)) ?? Promise.resolve(undefined);

/** Reads facets of one resource in parallel; `undefined` if one of them finds no resource. */
async function readFacets(
  source: ErasedResource,
  names: readonly string[],
  clients: Clients,
  target: Target,
): Promise<Facets | undefined> {
  const read = async (name: string) => [name, await readFacet(source, name, clients, target)] as const;
  const entries = await Promise.all(names.map(read));
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}
