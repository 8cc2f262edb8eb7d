import type { DBInstance } from '@aws-sdk/client-rds';
import { defineControl } from '../../lib/model/control.ts';
import { DB_INSTANCE_PATHS, dbInstanceId, listDbInstances, readDbInstance } from './instances.ts';

type State = { readonly PubliclyAccessible?: boolean };

/** Whether a DB instance has an address that the internet can reach. */
export const rdsNotPublic = defineControl({
  id: 'rds-not-public',
  title: 'RDS instances are not publicly accessible',
  rationale:
    'A database with a public address is scanned within minutes; its security group is then the only wall left.',
  severity: 'critical',
  resource: 'AWS::RDS::DBInstance',
  scope: 'regional',
  frameworks: {
    fsbp: ['RDS.2'],
    'cis-v3': ['2.3.3'],
    'nist-800-53-r5': ['AC-4', 'AC-4(21)', 'SC-7', 'SC-7(11)', 'SC-7(16)', 'SC-7(21)', 'SC-7(4)', 'SC-7(5)'],
    'nist-csf-2.0': ['PR.IR-01'],
    'pci-dss-v4': ['1.2.8', '1.3.1', '1.3.2', '1.4.2', '1.5.1', '10.3.2', '3.5.1.3', 'A1.1.2', 'A1.1.3', 'A3.4.1'],
  },
  detect: { by: 'managed-rule', identifier: 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK' },
  triggers: {
    'rds:CreateDBInstance': DB_INSTANCE_PATHS,
    'rds:CreateDBInstanceReadReplica': DB_INSTANCE_PATHS,
    'rds:ModifyDBInstance': DB_INSTANCE_PATHS,
    'rds:RestoreDBInstanceFromDBSnapshot': DB_INSTANCE_PATHS,
    'rds:RestoreDBInstanceFromS3': DB_INSTANCE_PATHS,
    'rds:RestoreDBInstanceToPointInTime': DB_INSTANCE_PATHS,
  },
  configId: 'name',
  services: ['rds'],
  arn: 'arn:{partition}:rds:{region}:{account}:db:{id}',
  normalizeId: dbInstanceId,
  check({ PubliclyAccessible }: State) {
    if (PubliclyAccessible === false) return 'compliant';
    return {
      violation:
        PubliclyAccessible === undefined
          ? 'The DB instance is not kept from being publicly accessible: its network decides.'
          : 'The DB instance is publicly accessible.',
    };
  },
  // No value at all counts as a violation: whether the VPC has an internet gateway would decide.
  violationExamples: [{}, { PubliclyAccessible: true }],
  template: ['PubliclyAccessible'],
  observe: {
    actions: ['rds:DescribeDBInstances'],
    list: listDbInstances(publicity),
    async read(clients, target) {
      const instance = await readDbInstance(clients, target);
      return instance && publicity(instance);
    },
  },
  repair: {
    actions: ['rds:ModifyDBInstance'],
    risk: 'high',
    gracePeriod: { days: 7, because: 'Whoever connects from outside of the network loses the database.' },
    reversible: true,
    maxMode: 'auto',
    verifyWithin: 20 * 60,
    desired: () => ({ PubliclyAccessible: false }),
    async write({ rds }, { id }, { PubliclyAccessible }) {
      try {
        await rds.modifyDBInstance({ DBInstanceIdentifier: id, PubliclyAccessible, ApplyImmediately: true });
      } catch (error) {
        // RDS refuses changes while it still creates the instance or works on an earlier change, ours included.
        if (!(error instanceof Error && error.name === 'InvalidDBInstanceStateFault')) throw error;
      }
      return 'pending';
    },
  },
});

// RDS lists no pending value for this property: what it shows is what holds.
function publicity({ PubliclyAccessible }: DBInstance): State {
  return { PubliclyAccessible: PubliclyAccessible === true };
}
