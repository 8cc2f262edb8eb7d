import type { DBInstance } from '@aws-sdk/client-rds';
import { boolean, defineResource, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';

const SOURCE =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html';

/** A DB instance that is not being deleted. */
export const dbInstance = defineResource({
  type: 'AWS::RDS::DBInstance',
  configId: 'name',
  services: ['rds'],
  arn: 'arn:{partition}:rds:{region}:{account}:db:{id}',
  // AWS keeps the name in lower case, however it was typed.
  normalizeId: (spelling) => spelling.replace(/^arn:.*:db:/, '').toLowerCase(),
  properties: {
    PubliclyAccessible: boolean({ absent: { depends: 'the subnet group and its VPC decide', source: SOURCE } }),
    StorageEncrypted: boolean({ absent: { value: false, source: SOURCE } }),
    // Of live instances only: a key that AWS owns shows here, and not in StorageEncrypted.
    StorageEncryptionType: text(),
  },
  list: {
    actions: ['rds:DescribeDBInstances'],
    async *all({ rds }) {
      const all = pages(
        (Marker?: string) => rds.describeDBInstances({ MaxRecords: 100, Marker }),
        (page) => page.Marker,
      );
      for await (const { DBInstances = [] } of all)
        for (const found of DBInstances)
          if (found.DBInstanceIdentifier && stays(found))
            yield { id: found.DBInstanceIdentifier, facets: { instance: found } };
    },
  },
  facets: {
    instance: {
      actions: ['rds:DescribeDBInstances'],
      async read({ rds }, { id }): Promise<DBInstance | undefined> {
        const found = await ignoreNotFound('DBInstanceNotFoundFault', () =>
          rds.describeDBInstances({ DBInstanceIdentifier: id }),
        );
        const one = found?.DBInstances?.[0];
        return one && stays(one) ? one : undefined;
      },
    },
  },
});

const stays = ({ DBInstanceStatus }: DBInstance) => DBInstanceStatus !== 'deleting';

/** Triggers by the paths at which CloudTrail's records name the DB instance, RDS's own spelling first. */
export const dbInstanceTriggers = <Event extends `rds:${string}`>(...events: readonly Event[]) => ({
  'responseElements.dBInstanceIdentifier': events,
  'requestParameters.dBInstanceIdentifier': events,
  'requestParameters.targetDBInstanceIdentifier': events,
});
