import type { DBInstance } from '@aws-sdk/client-rds';
import { boolean, defineResource, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';

const SOURCE =
  'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html';

// The API of RDS also returns the instances of these services.
const OTHER_SERVICES = ['docdb', 'neptune'];

/** An RDS DB instance; instances that RDS is deleting are ignored. */
export const dbInstance = defineResource({
  type: 'AWS::RDS::DBInstance',
  configId: 'name',
  services: ['rds'],
  arn: 'arn:{partition}:rds:{region}:{account}:db:{id}',
  // RDS stores the name in lower case.
  normalizeId: (spelling) => spelling.replace(/^arn:.*:db:/, '').toLowerCase(),
  properties: {
    PubliclyAccessible: boolean({ absent: { depends: 'the DB subnet group and its VPC', source: SOURCE } }),
    StorageEncrypted: boolean({ absent: { value: false, source: SOURCE } }),
    // Only in live instances: shows encryption with an AWS owned key, which StorageEncrypted does not.
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
          if (found.DBInstanceIdentifier && exists(found))
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
        return one && exists(one) ? one : undefined;
      },
    },
  },
});

const exists = ({ DBInstanceStatus, Engine = '' }: DBInstance) =>
  DBInstanceStatus !== 'deleting' && !OTHER_SERVICES.includes(Engine);

/** Whether RDS rejects changes of the instance: a member of a Multi-AZ DB cluster can only be rebooted, unlike one of Aurora. */
export const changesWithCluster = ({ DBClusterIdentifier, Engine = '' }: DBInstance): boolean =>
  DBClusterIdentifier !== undefined && !Engine.startsWith('aurora');

/** Triggers by the paths of the DB instance's name in CloudTrail events; RDS's own spelling first. */
export const dbInstanceTriggers = <Event extends `rds:${string}`>(...events: readonly Event[]) => ({
  'responseElements.dBInstanceIdentifier': events,
  'requestParameters.dBInstanceIdentifier': events,
  'requestParameters.targetDBInstanceIdentifier': events,
});
