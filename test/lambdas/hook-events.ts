/**
 * The documented requests of CloudFormation to a Lambda Hook, as the page of AWS shows them:
 * https://docs.aws.amazon.com/cloudformation-cli/latest/hooks-userguide/lambda-hooks-create-lambda-function.html
 */

const stackId = 'arn:aws:cloudformation:us-west-2:123456789012:stack/MyStack/1a2345b6-0000-00a0-a123-00abc0abc000';
const changeSetId =
  'arn:aws:cloudformation:us-west-2:123456789012:changeSet/SampleChangeSet/1a2345b6-0000-00a0-a123-00abc0abc000';
const hookModel = { LambdaFunction: 'arn:aws:lambda:us-west-2:123456789012:function:MyFunction' };
const table = (ReadCapacityUnits: number) => ({
  AttributeDefinitions: [
    { AttributeType: 'S', AttributeName: 'Album' },
    { AttributeType: 'S', AttributeName: 'Artist' },
  ],
  ProvisionedThroughput: { WriteCapacityUnits: 5, ReadCapacityUnits },
  KeySchema: [
    { KeyType: 'HASH', AttributeName: 'Album' },
    { KeyType: 'RANGE', AttributeName: 'Artist' },
  ],
});

/** "Example Lambda Hook resource change input"; it has no token. */
export const resourceRequest = {
  awsAccountId: '123456789012',
  stackId,
  hookTypeName: 'my::lambda::resourcehookfunction',
  hookTypeVersion: '00000008',
  hookModel,
  actionInvocationPoint: 'UPDATE_PRE_PROVISION',
  requestData: {
    targetName: 'AWS::DynamoDB::Table',
    targetType: 'AWS::DynamoDB::Table',
    targetLogicalId: 'DDBTable',
    targetModel: { resourceProperties: table(10), previousResourceProperties: table(5) },
  },
  requestContext: { invocation: 1, callbackContext: null },
};

/** "Example Lambda Hook stack change input". */
export const stackRequest = {
  clientRequestToken: 'f8da6d11-b23f-48f4-814c-0fb6a667f50e',
  awsAccountId: '123456789012',
  stackId,
  changeSetId: null,
  hookTypeName: 'my::lambda::stackhook',
  hookTypeVersion: '00000008',
  hookModel,
  actionInvocationPoint: 'UPDATE_PRE_PROVISION',
  requestData: {
    targetName: 'STACK',
    targetType: 'STACK',
    targetLogicalId: 'my-cloudformation-stack',
    payload: 'https://s3......',
  },
  requestContext: { invocation: 1, callbackContext: null },
};

/** The content behind its presigned URL. */
export const stackPayload = {
  template:
    '{"Resources":{"S3Bucket":{"Type":"AWS::S3::Bucket","Properties":{"ObjectLockEnabled":true}},"SQSQueue":{"Type":"AWS::SQS::Queue","Properties":{"QueueName":"NewQueue"}}}}',
  previousTemplate: '{"Resources":{"S3Bucket":{"Type":"AWS::S3::Bucket","Properties":{"ObjectLockEnabled":false}}}}',
};

/** "Example Lambda Hook change set change input". */
export const changeSetRequest = {
  ...stackRequest,
  changeSetId,
  hookTypeName: 'my::lambda::changesethook',
  actionInvocationPoint: 'CREATE_PRE_PROVISION',
  requestData: {
    targetName: 'CHANGE_SET',
    targetType: 'CHANGE_SET',
    targetLogicalId: changeSetId,
    payload: 'https://s3......',
  },
};

/** The content behind its presigned URL. CloudFormation keeps the format of the template, here YAML. */
export const changeSetPayload = {
  template: `Resources:
  DynamoDBTable:
    Type: AWS::DynamoDB::Table
    Properties:
      AttributeDefinitions:
        - AttributeName: "PK"
          AttributeType: "S"
      BillingMode: "PAY_PER_REQUEST"
      KeySchema:
        - AttributeName: "PK"
          KeyType: "HASH"
      PointInTimeRecoverySpecification:
        PointInTimeRecoveryEnabled: false
  NewSQSQueue:
    Type: AWS::SQS::Queue
    Properties:
      QueueName: "NewCoolQueue"`,
  changedResources: [
    {
      logicalResourceId: 'SQSQueue',
      resourceType: 'AWS::SQS::Queue',
      action: 'DELETE',
      lineNumber: null,
      beforeContext: '{"Properties":{"QueueName":"CoolQueue"}}',
      afterContext: null,
    },
    {
      logicalResourceId: 'NewSQSQueue',
      resourceType: 'AWS::SQS::Queue',
      action: 'CREATE',
      lineNumber: 14,
      beforeContext: null,
      afterContext: '{"Properties":{"QueueName":"NewCoolQueue"}}',
    },
    {
      logicalResourceId: 'DynamoDBTable',
      resourceType: 'AWS::DynamoDB::Table',
      action: 'UPDATE',
      lineNumber: 2,
      beforeContext: '{"Properties":{"BillingMode":"PAY_PER_REQUEST"}}',
      afterContext:
        '{"Properties":{"BillingMode":"PAY_PER_REQUEST","PointInTimeRecoverySpecification":{"PointInTimeRecoveryEnabled":"false"}}}',
    },
  ],
};
