import { defineControl } from '../../lib/model/index.ts';
import { changesWithCluster, dbInstance, dbInstanceTriggers } from './db-instance.ts';

/** Keeps DB instances from having a public address. */
export const rdsNotPublic = defineControl({
  id: 'rds-not-public',
  title: 'RDS instances are not publicly accessible',
  rationale:
    'Scanners find a database with a public address within minutes, and then only its security group protects it.',
  severity: 'critical',
  frameworks: {
    fsbp: ['RDS.2'],
    'cis-v3': ['2.3.3'],
    'nist-800-53-r5': ['AC-4', 'AC-4(21)', 'SC-7', 'SC-7(11)', 'SC-7(16)', 'SC-7(21)', 'SC-7(4)', 'SC-7(5)'],
    'nist-csf-2.0': ['PR.IR-01'],
    'pci-dss-v4': ['1.2.8', '1.3.1', '1.3.2', '1.4.2', '1.5.1', '10.3.2', '3.5.1.3', 'A1.1.2', 'A1.1.3', 'A3.4.1'],
  },
  resource: dbInstance,
  facets: ['instance'],
  // RDS has no pending value for this property: the returned value is in force.
  state: ({ instance }) =>
    changesWithCluster(instance) ? undefined : { PubliclyAccessible: instance.PubliclyAccessible === true },
  rule: {
    properties: ['PubliclyAccessible'],
    explicit: ['PubliclyAccessible'],
    check({ PubliclyAccessible }) {
      if (PubliclyAccessible === false) return 'compliant';
      return {
        violation:
          PubliclyAccessible === undefined
            ? 'The DB instance may be publicly accessible: PubliclyAccessible is not set, so its DB subnet group decides.'
            : 'The DB instance is publicly accessible.',
      };
    },
    violationExamples: [{}, { PubliclyAccessible: true }],
  },
  detect: { by: 'managed-rule', identifier: 'RDS_INSTANCE_PUBLIC_ACCESS_CHECK' },
  triggers: dbInstanceTriggers(
    'rds:CreateDBInstance',
    'rds:CreateDBInstanceReadReplica',
    'rds:ModifyDBInstance',
    'rds:RestoreDBInstanceFromDBSnapshot',
    'rds:RestoreDBInstanceFromS3',
    'rds:RestoreDBInstanceToPointInTime',
  ),
  repair: {
    actions: ['rds:ModifyDBInstance'],
    risk: 'high',
    gracePeriod: { days: 7, because: 'Clients that connect from outside the VPC lose access to the database.' },
    reversible: true,
    maxMode: 'auto',
    verifyWithin: 20 * 60,
    desired: () => ({ PubliclyAccessible: false }),
    async write({ rds }, { id }, { PubliclyAccessible }) {
      try {
        // Without ApplyImmediately, which would also apply all pending changes. RDS applies this property at once anyway.
        await rds.modifyDBInstance({ DBInstanceIdentifier: id, PubliclyAccessible });
      } catch (error) {
        // RDS rejects changes while it creates the instance or applies an earlier change, including Evenkeel's.
        if (!(error instanceof Error && error.name === 'InvalidDBInstanceStateFault')) throw error;
      }
      return 'pending';
    },
  },
});
