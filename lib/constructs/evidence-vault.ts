import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
  StorageClass,
  TransitionDefaultMinimumObjectSize,
} from 'aws-cdk-lib/aws-s3';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct, type IConstruct } from 'constructs';
import type { Config } from '../config/config.ts';
import { PHASES, type Phase } from '../evidence/record.ts';
import { functionsThatRecord, type HubFunction, phasesOf } from '../stacks/functions.ts';
import { keyPolicy, recordsOf, vaultStatements } from './evidence-policy.ts';
import { functionRoleArn, type VaultAdministrators } from './vault-administrators.ts';

/** The bucket of the evidence: each object is written once and retained until its retention ends. */
export class EvidenceVault extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, id: string, config: Config['evidence'], administrators: VaultAdministrators) {
    super(scope, id);
    const { retentionDays, lock, coldAfterDays } = config;
    this.key = new Key(this, 'Key', {
      description: 'Evenkeel: encrypts the evidence',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: keyPolicy(administrators),
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
      // Colder storage bills at least 128 KB per object, and most records have a few kilobytes: they stay.
      transitionDefaultMinimumObjectSize: TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K,
      lifecycleRules: [
        {
          transitions: [
            { storageClass: StorageClass.GLACIER_INSTANT_RETRIEVAL, transitionAfter: Duration.days(coldAfterDays) },
          ],
        },
      ],
    });
    const writers = {
      records: (phase: Phase) => functionsThatRecord(phase).map((step) => functionRoleArn(this, step)),
      digests: functionRoleArn(this, 'digest'),
    };
    for (const statement of vaultStatements(this.bucket.bucketArn, writers, administrators))
      this.bucket.addToResourcePolicy(statement);
  }

  /** Acknowledges the wildcards in the functions' rights on records and digests. */
  acknowledgeRecords(functions: IConstruct): void {
    const id = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket); // the default child of a Bucket
    const named = ['evidence/*', ...PHASES.map(recordsOf)];
    Validations.of(functions).acknowledge(
      ...named.map((keys) => ({
        id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/${keys}]`,
        reason: 'The key of a record has the date, account and execution, which are not known in advance.',
      })),
      {
        id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/digests/*]`,
        reason: 'The key of a digest has its number, which is not known in advance.',
      },
    );
  }

  /** The rights to write the records of a function, and to read back records. */
  writeRights(name: HubFunction): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: phasesOf(name).map((phase) => this.bucket.arnForObjects(recordsOf(phase))),
      }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('evidence/*')] }),
      ...this.#readRights(),
    ];
  }

  /** The rights of the digest function: to read every version of a record, and to read and write digests. */
  digestRights(): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['s3:GetObjectVersion'],
        resources: [this.bucket.arnForObjects('evidence/*')],
      }),
      new PolicyStatement({
        actions: ['s3:PutObject', 's3:GetObject'],
        resources: [this.bucket.arnForObjects('digests/*')],
      }),
      new PolicyStatement({ actions: ['s3:ListBucketVersions'], resources: [this.bucket.bucketArn] }),
      ...this.#readRights(),
    ];
  }

  /** Without s3:ListBucket, S3 answers "access denied" instead of "not found" for a missing object. */
  #readRights(): PolicyStatement[] {
    return [
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

/** S3 delivers no access logs to a bucket with a default retention, so they need a bucket of their own. */
function accessLogs(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'AccessLogs', {
    ...PRIVATE,
    encryption: BucketEncryption.S3_MANAGED,
    lifecycleRules: [{ expiration: Duration.days(400) }],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason: 'This bucket holds access logs; logging access to it would create a loop.',
  });
  return bucket;
}
