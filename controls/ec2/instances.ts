import type { Instance } from '@aws-sdk/client-ec2';
import type { Clients, Listed, Place, State, Target } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';

// Shutting-down and terminated instances still show up in listings for an hour, and can no longer be changed.
const ALIVE = ['pending', 'running', 'stopping', 'stopped'];

/** Makes a control's `list`: every instance that still lives, all pages, with the state that the listing carries. */
export function listInstances<S extends State>(stateOf: (instance: Instance) => S) {
  return async function* ({ ec2 }: Clients<'ec2'>, _place: Place): AsyncGenerator<Listed<S>> {
    let NextToken: string | undefined;
    do {
      const page = await ec2.describeInstances({
        Filters: [{ Name: 'instance-state-name', Values: ALIVE }],
        MaxResults: 1000,
        NextToken,
      });
      for (const instance of page.Reservations?.flatMap(({ Instances = [] }) => Instances) ?? [])
        if (instance.InstanceId) yield { id: instance.InstanceId, state: stateOf(instance) };
      NextToken = page.NextToken;
    } while (NextToken);
  };
}

/** Reads one instance; `undefined` when it is gone or going. */
export async function readInstance({ ec2 }: Clients<'ec2'>, { id }: Target): Promise<Instance | undefined> {
  const found = await ignoreNotFound('InvalidInstanceID.NotFound', () => ec2.describeInstances({ InstanceIds: [id] }));
  const instance = found?.Reservations?.[0]?.Instances?.[0];
  return ALIVE.includes(instance?.State?.Name ?? '') ? instance : undefined;
}
