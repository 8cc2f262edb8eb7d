import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { PHASES, type Phase } from '../evidence/record.ts';
import type { VaultAdministrators } from './vault-administrators.ts';

/** The only roles that write to the vault. */
export interface Writers {
  records(phase: Phase): readonly string[];
  readonly digests: string;
}

/** Denies actions to every principal except those that the conditions exempt. */
export const deny = (sid: string, actions: readonly string[], resources: readonly string[], conditions = {}) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    conditions,
  });

/** A condition that exempts these roles. It also applies to principals without a role. */
export const except = (...roles: readonly (string | undefined)[]) => {
  const arns = roles.filter((role) => role !== undefined);
  return arns.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': arns } } : {};
};

/** The keys of all records of one phase, as a pattern. */
export const recordsOf = (phase: Phase): string => `evidence/*-${phase}.json`;

/** Object Lock retains versions; this policy stops everyone, administrators included, from hiding or replacing them. */
export function vaultStatements(
  bucket: string,
  writers: Writers,
  administrators: VaultAdministrators,
): PolicyStatement[] {
  const { deployment, breakGlass } = administrators;
  const [objects, digests] = [`${bucket}/*`, `${bucket}/digests/*`];
  const records = (phase: Phase) => `${bucket}/${recordsOf(phase)}`;
  return [
    // Multipart uploads cannot be conditional, so they are denied too: a record fits into one request.
    deny('OnlyNewObjects', ['s3:PutObject'], [objects], { Null: { 's3:if-none-match': 'true' } }),
    ...PHASES.map((phase) =>
      deny(`RecordsOf${phase}`, ['s3:PutObject'], [records(phase)], except(...writers.records(phase))),
    ),
    deny('DigestsByTheDigest', ['s3:PutObject'], [digests], except(writers.digests)),
    new PolicyStatement({
      sid: 'NothingElse',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      notResources: [...PHASES.map(records), digests],
    }),
    // A delete without a version adds a delete marker, and replication writes without a condition.
    deny('NoDeletion', ['s3:DeleteObject', 's3:DeleteObjectVersion', 's3:DeleteBucket'], [bucket, objects]),
    deny('NoReplication', ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], [objects]),
    deny('NoRelease', ['s3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:BypassGovernanceRetention'], [objects]),
    // A locked object that is encrypted with another key would be lost with that key.
    deny('NoOtherKey', ['s3:UpdateObjectEncryption'], [objects]),
    // A lifecycle rule, for example, could hide records without a request that a policy can deny.
    deny('Kept', SETTINGS, [bucket], except(deployment, breakGlass)),
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
 * The policy of a key of the evidence. IAM policies of the account grant its use; only the deployment role and the break-glass role
 * can change the policy. KMS refuses to create a key whose policy its creator cannot change.
 */
export function keyPolicy(
  { deployment, breakGlass }: VaultAdministrators,
  ...more: readonly PolicyStatement[]
): PolicyDocument {
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
      deny('KeptUsable', ['kms:DisableKey', 'kms:ScheduleKeyDeletion'], ['*'], except(breakGlass)),
      deny('KeptRotating', ['kms:DisableKeyRotation'], ['*']),
      deny('Kept', ['kms:PutKeyPolicy'], ['*'], except(deployment, breakGlass)),
      ...more,
    ],
  });
}

/** Only one role signs, even if an identity policy or a grant allows others. */
export const signedOnlyBy = (role: string): PolicyStatement =>
  deny('SignedByTheDigest', ['kms:Sign'], ['*'], except(role));
