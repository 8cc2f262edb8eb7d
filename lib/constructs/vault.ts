import { AccountRootPrincipal, AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import type { Config } from '../config.ts';

/** The bucket that evidence is written to once, and that nobody can take any from until its retention ends. */
export class Vault extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, id: string, { retentionDays, lock }: Config['evidence']) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the evidence of Evenkeel',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: new PolicyDocument({ statements: keyStatements() }),
    });
    const retention = Duration.days(retentionDays);
    this.bucket = new Bucket(this, 'Bucket', {
      ...PRIVATE,
      versioned: true,
      objectLockDefaultRetention:
        lock === 'compliance' ? ObjectLockRetention.compliance(retention) : ObjectLockRetention.governance(retention),
      encryption: BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      serverAccessLogsBucket: accessLogs(this),
    });
    for (const statement of vaultStatements(this.bucket)) this.bucket.addToResourcePolicy(statement);
  }

  /** Says why the functions may write more than one record, to who reviews their rights. */
  acknowledgeRecords(functions: IConstruct): void {
    const id = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket); // a Bucket is made of one
    Validations.of(functions).acknowledge({
      id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/evidence/*]`,
      reason: 'A record is named by date, account and execution, which nobody knows beforehand.',
    });
  }

  /** What a function needs to write records, and to read back what it or the step before it wrote. */
  writeRights(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [this.bucket.arnForObjects('evidence/*')],
      }),
      // Without it S3 answers a look at a record that is not there yet with "access denied" instead of "not found".
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
      new PolicyStatement({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: [this.key.keyArn] }),
    ];
  }
}

const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  enforceSSL: true,
  removalPolicy: RemovalPolicy.RETAIN,
} as const;

/** S3 delivers no access logs into a bucket with a default retention, so they have a bucket of their own. */
function accessLogs(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'AccessLogs', {
    ...PRIVATE,
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: Duration.days(400) }],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'This bucket holds access logs; logging the access to it would fill it with logs of itself.',
  });
  return bucket;
}

const refuse = (sid: string, actions: readonly string[], resources: readonly string[], conditions = {}) =>
  new PolicyStatement({
    sid,
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: [...actions],
    resources: [...resources],
    conditions,
  });

/** Object Lock keeps versions; this keeps everyone from hiding, replacing or releasing them, the administrators included. */
function vaultStatements(bucket: Bucket): PolicyStatement[] {
  const objects = bucket.arnForObjects('*');
  return [
    // No exception for multipart uploads, which cannot be conditional: a record fits into one request.
    refuse('OnlyNewRecords', ['s3:PutObject'], [objects], { Null: { 's3:if-none-match': 'true' } }),
    // A delete without a version would leave a delete marker, and a replication would write without a condition.
    refuse('NoDeletion', ['s3:DeleteObject', 's3:DeleteObjectVersion'], [objects]),
    refuse('NoReplication', ['s3:ReplicateObject', 's3:ReplicateDelete', 's3:ReplicateTags'], [objects]),
    refuse('NoRelease', ['s3:PutObjectRetention', 's3:PutObjectLegalHold', 's3:BypassGovernanceRetention'], [objects]),
    // Expiry by a lifecycle rule would hide records without any request that a policy could refuse.
    refuse('NoExpiry', ['s3:PutLifecycleConfiguration', 's3:DeleteBucket'], [bucket.bucketArn]),
  ];
}

/** The account decides who may use the key; that it can be used is not for anybody to end. */
function keyStatements(): PolicyStatement[] {
  return [
    new PolicyStatement({ principals: [new AccountRootPrincipal()], actions: ['kms:*'], resources: ['*'] }),
    refuse('KeptUsable', ['kms:DisableKey', 'kms:ScheduleKeyDeletion', 'kms:DisableKeyRotation'], ['*']),
  ];
}
