import type { Caution, Parameters, Repair, Reversibility, Risk, Verdict } from './control.ts';
import { type ErasedResource, type Facets, readFacet } from './observation.ts';
import { type Clients, type ControlTarget, type IamAction, type ServiceName, withArn } from './resource-type.ts';
import type { State } from './template-view.ts';

/** A control definition with its type parameters erased, as the engine calls it. */
export interface ErasedDefinition {
  readonly id: string;
  state(facets: object, target: ControlTarget): State | undefined;
  check(state: State, parameters: Parameters, now: Date): Verdict;
  desired?(state: State): State;
  readonly repair: Risk &
    Reversibility & {
      readonly actions: readonly IamAction<ServiceName>[];
      readonly verifyWithin?: number;
      readonly replaces?: true;
      desired?(state: State, parameters: Parameters, now: Date): State;
      write(
        clients: Clients,
        target: ControlTarget,
        state: State,
        from: State,
      ): Promise<'pending' | undefined> | Promise<void>;
      arns?(target: ControlTarget, parameters: Parameters): readonly string[];
      region?(state: State): string | undefined;
      readonly circumstances?: readonly string[];
      caution?(state: State, desired: State, circumstances: Facets): Caution | undefined;
    };
}

/**
 * Builds the engine's repair: `desired` changes only states that `check` refuses, and targets have their ARN.
 *
 * @throws TypeError when neither the rule nor the repair declares the desired state
 */
export function engineRepair(definition: ErasedDefinition, resource: ErasedResource): Repair {
  const { desired: ownDesired, write, arns, region, circumstances = [], caution, ...facts } = definition.repair;
  const desired = ownDesired ?? definition.desired;
  if (!desired) throw new TypeError(`Control "${definition.id}": declare repair.desired, because its rule has none.`);
  return {
    ...facts,
    desired: (state, parameters, now) =>
      definition.check(state, parameters, now) === 'compliant' ? state : desired(state, parameters, now),
    write: async (clients, target, state, from) =>
      (await write(clients, withArn(resource, target), state, from)) ?? undefined,
    ...(arns && { arns: (target, parameters) => arns(withArn(resource, target), parameters) }),
    ...(region && { region }),
    ...(caution && {
      circumstances: {
        actions: circumstances.flatMap((name) => resource.facets[name]?.actions ?? []),
        async caution(clients, target, state, wanted) {
          const read = async (name: string) => {
            const facet = await readFacet(resource, name, clients, target);
            if (facet === undefined) throw new Error(`The resource was not found, so its ${name} is unknown.`);
            return [name, facet] as const;
          };
          return caution(state, wanted, Object.fromEntries(await Promise.all(circumstances.map(read))));
        },
      },
    }),
  };
}
