import type { DBInstance } from '@aws-sdk/client-rds';
import type { Clients, Listed, Place, State, Target } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';

/** Makes a control's `list`: every DB instance, all pages, with the state that the listing carries. */
export function listDbInstances<S extends State>(stateOf: (instance: DBInstance) => S) {
  return async function* ({ rds }: Clients<'rds'>, _place: Place): AsyncGenerator<Listed<S>> {
    let Marker: string | undefined;
    do {
      const page = await rds.describeDBInstances({ MaxRecords: 100, Marker });
      for (const instance of page.DBInstances ?? [])
        if (instance.DBInstanceIdentifier && stays(instance))
          yield { id: instance.DBInstanceIdentifier, state: stateOf(instance) };
      Marker = page.Marker;
    } while (Marker);
  };
}

/** Reads one DB instance; `undefined` when it is gone or going. */
export async function readDbInstance({ rds }: Clients<'rds'>, { id }: Target): Promise<DBInstance | undefined> {
  const found = await ignoreNotFound('DBInstanceNotFoundFault', () =>
    rds.describeDBInstances({ DBInstanceIdentifier: id }),
  );
  const instance = found?.DBInstances?.[0];
  return instance && stays(instance) ? instance : undefined;
}

/** A DB instance's name from its ARN or its name; AWS keeps it in lower case, however it was typed. */
export const dbInstanceId = (spelling: string) => spelling.replace(/^arn:.*:db:/, '').toLowerCase();

/** The paths at which CloudTrail's records name the DB instance; the answer's spelling is RDS's own, in lower case. */
export const DB_INSTANCE_PATHS = [
  'responseElements.dBInstanceIdentifier',
  'requestParameters.dBInstanceIdentifier',
  'requestParameters.targetDBInstanceIdentifier',
] as const;

const stays = ({ DBInstanceStatus }: DBInstance) => DBInstanceStatus !== 'deleting';
