import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PHASES, type Phase } from '../evidence/record.ts';
import type { VaultAdministrators } from './vault-administrators.ts';

/** The only roles that write into the vault. */
export interface Writers {
  records(phase: Phase): readonly string[];
  readonly digests: string;
}

/** Refuses actions to every principal that the conditions do not spare, whatever else allows them. */
export const refuse = (sid: string, actions: readonly string[], resources: readonly string[], conditions = {}) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    conditions,
  });

/** Holds for everyone but these roles, for whoever has no role at all too. */
export const but = (...roles: readonly (string | undefined)[]) => {
  const exempt = roles.filter((role) => role !== undefined);
  return exempt.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': exempt } } : {};
};

/** The keys of all records of one phase, as a pattern. */
export const recordsOf = (phase: Phase): string => `evidence/*-${phase}.json`;

/** Object Lock keeps versions; this keeps everyone from hiding, replacing or releasing them, the administrators included. */
export function vaultStatements(bucket: string, writers: Writers, custodians: VaultAdministrators): PolicyStatement[] {
  const { deployment, breakGlass } = custodians;
  const [objects, digests] = [`${bucket}/*`, `${bucket}/digests/*`];
  const records = (phase: Phase) => `${bucket}/${recordsOf(phase)}`;
  return [
    // No exception for multipart uploads, which cannot be conditional: a record fits into one request.
    refuse('OnlyNewObjects', ['s3:PutObject'], [objects], { Null: { 's3:if-none-match': 'true' } }),
    ...PHASES.map((phase) =>
      refuse(`RecordsOf${phase}`, ['s3:PutObject'], [records(phase)], but(...writers.records(phase))),
    ),
    refuse('DigestsByTheDigest', ['s3:PutObject'], [digests], but(writers.digests)),
    new PolicyStatement({
      sid: 'NothingElse',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      notResources: [...PHASES.map(records), digests],
    }),
    // A delete without a version would leave a delete marker, and a replication would write without a condition.
    refuse('NoDeletion', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:DeleteBucket'], [bucket, objects]),
    refuse('NoReplication', ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], [objects]),
    refuse('NoRelease', ['s3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:BypassGovernanceRetention'], [objects]),
    // Encrypted anew by another key, a locked object would be lost with that key.
    refuse('NoOtherKey', ['s3:UpdateObjectEncryption'], [objects]),
    // An expiry by lifecycle, for one, would hide records without any request that a policy could refuse.
    refuse('Kept', SETTINGS, [bucket], but(deployment, breakGlass)),
  ];
}

const SETTINGS = [
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
  's3:PutBucketVersioning',
  's3:PutBucketObjectLockConfiguration',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
  's3:PutEncryptionConfiguration',
  's3:PutBucketPublicAccessBlock',
  's3:PutBucketOwnershipControls',
  's3:PutBucketAcl',
  's3:PutBucketLogging',
];

/**
 * The account decides who may use a key of the evidence; whether it can be used, and by whom, is not for anybody else to change.
 * The deployment must be spared, for KMS refuses to make a key whose policy its maker could not change.
 */
export function keyPolicy(
  { deployment, breakGlass }: VaultAdministrators,
  ...more: readonly PolicyStatement[]
): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
      refuse('KeptUsable', ['kms:DisableKey', 'kms:ScheduleKeyDeletion'], ['*'], but(breakGlass)),
      refuse('KeptRotating', ['kms:DisableKeyRotation'], ['*']),
      refuse('Kept', ['kms:PutKeyPolicy'], ['*'], but(deployment, breakGlass)),
      ...more,
    ],
  });
}

/** Nobody but a role signs, also where an identity policy or a grant would let it. */
export const signedOnlyBy = (role: string): PolicyStatement =>
  refuse('SignedByTheDigest', ['kms:Sign'], ['*'], but(role));
