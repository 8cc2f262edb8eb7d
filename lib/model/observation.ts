import type { Observation } from './control.ts';
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

/** Reads facets of one resource side by side; `undefined` when one finds no resource. */
export async function readFacets(
  type: object,
  names: readonly string[],
  clients: Clients,
  target: Target,
): Promise<Facets | undefined> {
  const source = type as Source; // see above
  const read = async (name: string) =>
    [name, await source.facets[name]?.read(clients, withArn(source, target))] as const;
  const entries = await Promise.all(names.map(read));
  return entries.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(entries);
}
