import { AccountPrincipal, AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { CustomResource, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { Config } from '../config/config.ts';
import { EXCEPTIONS_KEY, type Exceptions } from '../exceptions/exception.ts';
import { canonical, sha256 } from '../model/canonical.ts';
import type { EngineFunction } from './engine-function.ts';

/** The bucket in which the hub publishes the exceptions, for the gate of every app to read. */
export class PublishedExceptions extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { accounts, organization }: Pick<Config, 'accounts' | 'organization'>) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // A customer managed key would have to be shared with every reader and would protect nothing.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'EveryGate',
        actions: ['s3:GetObject'],
        resources: [this.bucket.arnForObjects(EXCEPTIONS_KEY)],
        ...(organization
          ? { principals: [new AnyPrincipal()], conditions: { StringEquals: { 'aws:PrincipalOrgID': organization } } }
          : { principals: Object.keys(accounts).map((account) => new AccountPrincipal(account)) }),
      }),
    );
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds one file that whole accounts may read. Its versions and Git show who changed it.',
    });
  }

  /** The S3 URL of the published file, for `evenkeel exceptions pull`. */
  get uri(): string {
    return this.bucket.s3UrlForObject(EXCEPTIONS_KEY);
  }

  /** The rights to publish. */
  writeRights(): PolicyStatement[] {
    return [new PolicyStatement({ actions: ['s3:PutObject'], resources: [this.bucket.arnForObjects(EXCEPTIONS_KEY)] })];
  }

  /** Publishes the exceptions at each deployment that changes them. The deployment fails if that fails. */
  publishBy({ function: { functionArn }, ...publisher }: EngineFunction, exceptions: Exceptions): void {
    const published = new CustomResource(this, 'Published', {
      resourceType: 'Custom::EvenkeelExceptions',
      serviceToken: functionArn,
      serviceTimeout: Duration.minutes(3),
      properties: { sha256: sha256(canonical(exceptions)) },
    });
    published.node.addDependency(publisher.role, this.bucket);
  }
}
