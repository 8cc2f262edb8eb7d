import {
  defineControl,
  type Located,
  type StateOf,
  type TemplateResource,
  type TemplateResources,
} from '../../lib/model/index.ts';
import { referredTo } from '../template-reference.ts';
import { dbInstance, dbInstanceTriggers } from './db-instance.ts';

type Properties = NonNullable<TemplateResource['Properties']>;
type State = StateOf<typeof dbInstance.properties, 'StorageEncrypted' | 'StorageEncryptionType'>;

// With any of these the instance takes over the encryption of what it is made of. Made of a snapshot it can be encrypted
// though the snapshot is not; otherwise it does not matter what its own property says.
const SNAPSHOTS = ['DBClusterSnapshotIdentifier', 'DBSnapshotIdentifier'];
const SOURCES = [
  ...SNAPSHOTS,
  'SourceDBClusterIdentifier',
  'SourceDBInstanceAutomatedBackupsArn',
  'SourceDBInstanceIdentifier',
  'SourceDbiResourceId',
];

/** Whether a DB instance's storage is encrypted at rest. */
export const rdsStorageEncryption = defineControl({
  id: 'rds-storage-encryption',
  title: 'RDS storage is encrypted',
  rationale: 'Without encryption, access to the storage is access to the database, its backups and its snapshots.',
  severity: 'medium',
  frameworks: {
    fsbp: ['RDS.3'],
    'cis-v3': ['2.3.1'],
    'nist-800-53-r5': ['CA-9(1)', 'CM-3(6)', 'SC-13', 'SC-28', 'SC-28(1)', 'SC-7(10)', 'SI-7(6)'],
    'nist-csf-2.0': ['PR.DS-01'],
    'pci-dss-v4': ['3.5.1', '8.3.2'],
  },
  resource: dbInstance,
  facets: ['instance'],
  state: ({ instance: { StorageEncrypted, StorageEncryptionType } }) => ({
    StorageEncrypted: StorageEncrypted === true,
    ...(StorageEncryptionType && { StorageEncryptionType }),
  }),
  rule: {
    properties: ['StorageEncrypted', 'StorageEncryptionType'],
    check: ({ StorageEncrypted, StorageEncryptionType = 'none' }) =>
      StorageEncrypted === true || StorageEncryptionType !== 'none'
        ? 'compliant'
        : { violation: 'The storage of the DB instance is not encrypted.' },
    violationExamples: [{}, { StorageEncrypted: false }],
  },
  template: { properties: ['StorageEncrypted'], locate },
  // AWS's RDS_STORAGE_ENCRYPTED looks at StorageEncrypted alone, which is false for a key that AWS owns.
  triggers: dbInstanceTriggers(
    'rds:CreateDBInstance',
    'rds:CreateDBInstanceReadReplica',
    'rds:RestoreDBInstanceFromDBSnapshot',
    'rds:RestoreDBInstanceFromS3',
    'rds:RestoreDBInstanceToPointInTime',
  ),
  guidance:
    'Encryption cannot be turned on in place. Take a snapshot, copy it with a KMS key, restore the copy under a new ' +
    'name, move the clients, then delete the old instance and its unencrypted snapshots.',
});

function locate(logicalId: string, resources: TemplateResources): Located<State> {
  const own = resources[logicalId]?.Properties ?? {};
  if (own.DBClusterIdentifier !== undefined) return locateCluster(referredTo(own.DBClusterIdentifier), resources);
  const sources = sourcesOf(own);
  const alone = sources.length === 0;
  const asked = own.StorageEncrypted === true && sources.every((source) => SNAPSHOTS.includes(source));
  return alone || asked ? { state: stated(own.StorageEncrypted), at: logicalId } : locateSource(own, resources);
}

const sourcesOf = (own: Properties) => SOURCES.filter((source) => own[source] !== undefined);

function locateSource(
  { SourceDBInstanceIdentifier: source }: Properties,
  resources: TemplateResources,
): Located<State> {
  const id = referredTo(source);
  const primary = resources[id ?? '']?.Properties;
  if (!primary || primary.DBClusterIdentifier !== undefined || sourcesOf(primary).length > 0)
    throw new Error('The instance takes over the encryption of its source, which is known only at deployment.');
  return { state: stated(primary.StorageEncrypted), ...(id && { at: id }) };
}

// A member of a cluster shares the cluster's storage. Aurora encrypts new clusters even where nobody asks for it, so
// only what is stated to be encrypted is known.
function locateCluster(id: string | undefined, resources: TemplateResources): Located<State> {
  const cluster = resources[id ?? '']?.Properties;
  if (cluster?.StorageEncrypted !== true)
    throw new Error('Whether the storage of the cluster is encrypted is known only at deployment.');
  return { state: { StorageEncrypted: true }, ...(id && { at: id }) };
}

// A template may hold an unresolved value here, which is handed on as it is: `check` takes nothing but `true`.
function stated(value: unknown): State {
  return value === undefined ? {} : { StorageEncrypted: value as boolean };
}
