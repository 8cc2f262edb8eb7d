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
import { functionsThatRecord, type HubFunction, phasesOf } from '../config/names.ts';
import { PHASES, type Phase } from '../evidence/record.ts';
import { keyPolicy, recordsOf, vaultStatements } from './evidence-policy.ts';
import { functionRoleArn, type VaultAdministrators } from './vault-administrators.ts';

/** The bucket that evidence is written to once, and that nobody can take any from until its retention ends. */
export class EvidenceVault extends Construct {
  readonly bucket: Bucket;
  readonly key: Key;

  constructor(scope: Construct, id: string, config: Config['evidence'], custodians: VaultAdministrators) {
    super(scope, id);
    const { retentionDays, lock, coldAfterDays } = config;
    this.key = new Key(this, 'Key', {
      description: 'Encrypts the evidence of Evenkeel',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
      policy: keyPolicy(custodians),
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
      // Most records are a few kilobytes and stay: colder storage counts each object as 128 KB at least.
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
    for (const statement of vaultStatements(this.bucket.bucketArn, writers, custodians))
      this.bucket.addToResourcePolicy(statement);
  }

  /** Says why the functions may write more than one record, to who reviews their rights. */
  acknowledgeRecords(functions: IConstruct): void {
    const id = Stack.of(this).getLogicalId(this.bucket.node.defaultChild as CfnBucket); // a Bucket is made of one
    const named = ['evidence/*', ...PHASES.map(recordsOf)];
    Validations.of(functions).acknowledge(
      ...named.map((keys) => ({
        id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/${keys}]`,
        reason: 'A record is named by date, account and execution, which nobody knows beforehand.',
      })),
      {
        id: `AwsSolutions-IAM5[Resource::<${id}.Arn>/digests/*]`,
        reason: 'A digest is named by its number, and nobody knows beforehand how many there will be.',
      },
    );
  }

  /** What a function needs to write its records, and to read back what it or a step before it wrote. */
  writeRights(step: HubFunction): PolicyStatement[] {
    return [
      new PolicyStatement({
        actions: ['s3:PutObject'],
        resources: phasesOf(step).map((phase) => this.bucket.arnForObjects(recordsOf(phase))),
      }),
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [this.bucket.arnForObjects('evidence/*')] }),
      ...this.#lookRights(),
    ];
  }

  /** What a digest needs: to look at every version of a record, and to read and write digests. */
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
      ...this.#lookRights(),
    ];
  }

  /** Without the right to list S3 answers a look at what is not there yet with "access denied" instead of "not found". */
  #lookRights(): PolicyStatement[] {
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
