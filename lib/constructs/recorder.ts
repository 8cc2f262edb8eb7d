import { CfnConfigurationRecorder, CfnDeliveryChannel } from 'aws-cdk-lib/aws-config';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';

/** Records, for AWS Config, the given types of resources; for regions where nobody records yet. */
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
      reason: 'AWS keeps this policy up with the resource types that it records; it only reads.',
    });
    new CfnConfigurationRecorder(this, 'Recorder', {
      name: 'default',
      roleArn: role.roleArn,
      recordingGroup: { allSupported: false, includeGlobalResourceTypes: false, resourceTypes: [...resourceTypes] },
    });
    // Recorder and channel wait for each other in CloudFormation; a dependency between them would never end.
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
    reason: 'AWS Config alone writes here, and nothing of Evenkeel reads it; CloudTrail can log it where that matters.',
  });
  return bucket;
}
