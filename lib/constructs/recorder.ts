import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** An AWS Config recorder for some resource types, for regions without a recorder. */
export class Recorder extends Construct {
  constructor(scope: Construct, id: string, resourceTypes: readonly string[]) {
    super(scope, id);
    const bucket = deliveryBucket(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('config.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWS_ConfigRole')],
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWS_ConfigRole]',
      reason: 'AWS updates this policy for new resource types; it grants read access only.',
    });
    new CfnConfigurationRecorder(this, 'Recorder', {
      name: 'default',
      roleArn: role.roleArn,
      recordingGroup: { allSupported: false, includeGlobalResourceTypes: false, resourceTypes: [...resourceTypes] },
    });
    // CloudFormation makes recorder and channel wait for each other; a dependency between them would be a deadlock.
    const channel = new CfnDeliveryChannel(this, 'Channel', { name: 'default', s3BucketName: bucket.bucketName });
    if (bucket.policy) channel.node.addDependency(bucket.policy);
  }
}

function deliveryBucket(scope: Construct): Bucket {
  const bucket = new Bucket(scope, 'Delivery', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
  const account = Stack.of(scope).account;
  const config = (actions: string[], resource: string) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('config.amazonaws.com')],
        actions,
        resources: [resource],
        conditions: { StringEquals: { 'aws:SourceAccount': account } },
      }),
    );
  config(['s3:GetBucketAcl', 's3:ListBucket'], bucket.bucketArn);
  config(['s3:PutObject'], bucket.arnForObjects(`AWSLogs/${account}/Config/*`));
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Only AWS Config writes here, and Evenkeel reads nothing here. CloudTrail data events can log access if required.',
  });
  return bucket;
}
