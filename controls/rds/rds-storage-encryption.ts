import {
  defineControl,
  type Located,
  type StateOf,
  type TemplateResource,
  type TemplateResources,
} from '../../lib/model/index.ts';
import { referredTo } from '../template-reference.ts';
import { changesWithCluster, dbInstance, dbInstanceTriggers } from './db-instance.ts';

type Properties = NonNullable<TemplateResource['Properties']>;
type State = StateOf<typeof dbInstance.properties, 'StorageEncrypted' | 'StorageEncryptionType'>;

// With any of these, the instance inherits the encryption of its source and RDS ignores StorageEncrypted. An instance from
// a snapshot is an exception: it can be encrypted even if the snapshot is not.
const SNAPSHOTS = ['DBClusterSnapshotIdentifier', 'DBSnapshotIdentifier'];
const SOURCES = [
  ...SNAPSHOTS,
  'SourceDBClusterIdentifier',
  'SourceDBInstanceAutomatedBackupsArn',
  'SourceDBInstanceIdentifier',
  'SourceDbiResourceId',
];

/** Requires encryption at rest of DB instances. */
export const rdsStorageEncryption = defineControl({
  id: 'rds-storage-encryption',
  title: 'RDS storage is encrypted',
  rationale:
    'Without encryption, anyone with access to the storage can read the database, its backups and its snapshots.',
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
  state({ instance }) {
    if (changesWithCluster(instance)) return undefined;
    const { StorageEncrypted, StorageEncryptionType } = instance;
    return { StorageEncrypted: StorageEncrypted === true, ...(StorageEncryptionType && { StorageEncryptionType }) };
  },
  rule: {
    properties: ['StorageEncrypted', 'StorageEncryptionType'],
    check: ({ StorageEncrypted, StorageEncryptionType = 'none' }) =>
      StorageEncrypted === true || StorageEncryptionType !== 'none'
        ? 'compliant'
        : { violation: 'The storage of the DB instance is not encrypted.' },
    violationExamples: [{}, { StorageEncrypted: false }],
  },
  template: { properties: ['StorageEncrypted'], locate },
  // A custom rule, because AWS's RDS_STORAGE_ENCRYPTED reads only StorageEncrypted, which is false with an AWS owned key.
  triggers: dbInstanceTriggers(
    'rds:CreateDBInstance',
    'rds:CreateDBInstanceReadReplica',
    'rds:RestoreDBInstanceFromDBSnapshot',
    'rds:RestoreDBInstanceFromS3',
    'rds:RestoreDBInstanceToPointInTime',
  ),
  guidance:
    'You cannot enable encryption for an existing DB instance. Take a snapshot, copy it with a KMS key, restore the copy ' +
    'under a new name, switch the clients over, then delete the old instance and its unencrypted snapshots.',
});

function locate(logicalId: string, resources: TemplateResources): Located<State> {
  const own = resources[logicalId]?.Properties ?? {};
  if (own.DBClusterIdentifier !== undefined) return locateCluster(referredTo(own.DBClusterIdentifier), resources);
  const sources = sourcesOf(own);
  const isNew = sources.length === 0;
  const requested = own.StorageEncrypted === true && sources.every((source) => SNAPSHOTS.includes(source));
  return isNew || requested ? { state: stateOf(own.StorageEncrypted), at: logicalId } : locateSource(own, resources);
}

const sourcesOf = (own: Properties) => SOURCES.filter((source) => own[source] !== undefined);

function locateSource(
  { SourceDBInstanceIdentifier: source }: Properties,
  resources: TemplateResources,
): Located<State> {
  const id = referredTo(source);
  const primary = resources[id ?? '']?.Properties;
  if (!primary || primary.DBClusterIdentifier !== undefined || sourcesOf(primary).length > 0)
    throw new Error('The DB instance inherits the encryption of its source, which this template does not set');
  return { state: stateOf(primary.StorageEncrypted), ...(id && { at: id }) };
}

// A member of a cluster shares the cluster's storage. Aurora encrypts new clusters by default, so only an explicit
// StorageEncrypted is certain.
function locateCluster(id: string | undefined, resources: TemplateResources): Located<State> {
  const cluster = resources[id ?? '']?.Properties;
  if (cluster?.StorageEncrypted !== true)
    throw new Error('This template does not enable the encryption of the DB cluster');
  return { state: { StorageEncrypted: true }, ...(id && { at: id }) };
}

// The value may be unresolved or of another type; the evaluator handles both.
function stateOf(value: unknown): State {
  return value === undefined ? {} : { StorageEncrypted: value as boolean };
}
