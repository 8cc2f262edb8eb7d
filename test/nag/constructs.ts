import { CfnTrail } from 'aws-cdk-lib/aws-cloudtrail';
import { CfnInstance, CfnLaunchTemplate, CfnSecurityGroup, CfnSecurityGroupIngress } from 'aws-cdk-lib/aws-ec2';
import { CfnKey } from 'aws-cdk-lib/aws-kms';
import { CfnDBCluster, CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import { CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { CfnCondition, CfnParameter, CfnResource, Fn, type Stack, Token } from 'aws-cdk-lib/core';
import { intrinsic } from '../../lib/evaluate/template/template.ts';
import type { Json, TemplateResource } from '../../lib/model/control.ts';
import { isList, isObject } from '../../lib/model/json.ts';
import type { Case } from './corpus/case.ts';

const CLASSES: { readonly [type: string]: new (scope: Stack, id: string, properties: never) => CfnResource } = {
  'AWS::CloudTrail::Trail': CfnTrail,
  'AWS::EC2::Instance': CfnInstance,
  'AWS::EC2::LaunchTemplate': CfnLaunchTemplate,
  'AWS::EC2::SecurityGroup': CfnSecurityGroup,
  'AWS::EC2::SecurityGroupIngress': CfnSecurityGroupIngress,
  'AWS::KMS::Key': CfnKey,
  'AWS::RDS::DBCluster': CfnDBCluster,
  'AWS::RDS::DBInstance': CfnDBInstance,
  'AWS::S3::Bucket': CfnBucket,
  'AWS::S3::BucketPolicy': CfnBucketPolicy,
  'AWS::SQS::Queue': CfnQueue,
};

/** Creates the construct of a resource as in a CDK app, because cdk-nag recognizes constructs by their classes. */
export function construct(stack: Stack, id: string, resource: TemplateResource, as?: Case['as']): CfnResource {
  const { Type, Properties = {} } = resource;
  if (as === 'raw') return new CfnResource(stack, id, { type: Type, properties: Properties });
  const Class = CLASSES[Type];
  if (!Class) throw new Error(`Add the class of ${Type} to the table in test/nag/constructs.ts.`);
  if (as === undefined) return new Class(stack, id, toCdk(Properties) as never); // each class has its own properties
  const made = new Class(stack, id, toCdk(inverted(Properties)) as never); // as above
  for (const [name, value] of Object.entries(Properties)) made.addPropertyOverride(name, value);
  return made;
}

/** The same properties with inverted booleans, which an override then sets. */
const inverted = (properties: NonNullable<TemplateResource['Properties']>) =>
  Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, value === true ? false : value === false ? true : value]),
  );

/** Adds the parameters and the condition that the corpus uses. */
export function addParameters(stack: Stack): void {
  const free = new CfnParameter(stack, 'Free');
  new CfnParameter(stack, 'Port', { type: 'Number' });
  for (const [name, allowedValues] of Object.entries({ Yes: ['true'], No: ['false'], Either: ['true', 'false'] }))
    new CfnParameter(stack, name, { allowedValues });
  new CfnCondition(stack, 'Night', { expression: Fn.conditionEquals(free, 'night') });
}

/** Whether the branches are strings; CDK's constructs hold every value except booleans and objects as a string. */
const isText = (branches: Json): boolean =>
  isList(branches) && branches.slice(1).some((each) => typeof each === 'string');

/** Documents stay as they are, because their keys are not CloudFormation properties. */
const DOCUMENTS = new Set(['PolicyDocument', 'KeyPolicy']);

function toCdk(value: Json | undefined): unknown {
  const call = intrinsic(value);
  if (call) return call.name === 'Fn::If' && !isText(call.argument) ? Token.asAny(value) : Token.asString(value);
  if (isList(value)) return value.map(toCdk);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [camel(name), DOCUMENTS.has(name) ? item : toCdk(item)]),
  );
}

function camel(name: string): string {
  const words = name.replace(/([A-Z])([A-Z]+)(?=[A-Z][a-z]|$)/g, (_, first, rest) => first + rest.toLowerCase());
  return words.charAt(0).toLowerCase() + words.slice(1);
}
