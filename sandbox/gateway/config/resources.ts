import type { Upstream } from '../upstream.ts';
import { list, type Params, record, text } from '../values.ts';
import type { Call } from '../wire.ts';

/** A resource that a call changed, by the name that the service's API takes. */
export interface Touched {
  type: string;
  name: string;
  deleted: boolean;
}

interface Kind {
  type: string;
  service: string;
  deletedBy: string;
  names(params: Params, output: Params): unknown[];
}

const KINDS: Kind[] = [
  { type: 'AWS::S3::Bucket', service: 's3', deletedBy: 'DeleteBucket', names: ({ Bucket }) => [Bucket] },
  {
    type: 'AWS::EC2::SecurityGroup',
    service: 'ec2',
    deletedBy: 'DeleteSecurityGroup',
    // A group that is named by its name answers with its rules, which carry the id.
    names: (params, output) => [params.GroupId ?? output.GroupId ?? record(list(output.SecurityGroupRules)[0]).GroupId],
  },
  {
    type: 'AWS::EC2::Instance',
    service: 'ec2',
    deletedBy: 'TerminateInstances',
    names: ({ InstanceId, InstanceIds }, { Instances }) => [
      InstanceId,
      ...list(InstanceIds),
      ...list(Instances).map((instance) => record(instance).InstanceId),
    ],
  },
  { type: 'AWS::IAM::User', service: 'iam', deletedBy: 'DeleteUser', names: ({ UserName }) => [UserName] },
  {
    type: 'AWS::KMS::Key',
    service: 'kms',
    deletedBy: '',
    names: ({ KeyId }, { KeyMetadata }) => [(text(KeyId) ?? text(record(KeyMetadata).KeyId))?.split('/').at(-1)],
  },
  {
    type: 'AWS::RDS::DBInstance',
    service: 'rds',
    deletedBy: 'DeleteDBInstance',
    names: ({ DBInstanceIdentifier }) => [DBInstanceIdentifier],
  },
  {
    type: 'AWS::CloudTrail::Trail',
    service: 'cloudtrail',
    deletedBy: 'DeleteTrail',
    names: ({ Name }) => [text(Name)?.split('/').at(-1)],
  },
  {
    type: 'AWS::SQS::Queue',
    service: 'sqs',
    deletedBy: 'DeleteQueue',
    names: (params, output) => [params.QueueUrl ?? output.QueueUrl],
  },
];

/** The resources that a call changed. */
export function touchedBy({ service, action, params }: Call, output: Params): Touched[] {
  return KINDS.filter((kind) => kind.service === service).flatMap((kind) => {
    const names = kind.names(params, output).filter((name) => typeof name === 'string' && name !== '');
    return names.map((name) => ({ type: kind.type, name: String(name), deleted: action === kind.deletedBy }));
  });
}

/** Finds Config's id of a resource where it is not the API's name; undefined where there is no such resource. */
export async function configIdOf(
  { type, name }: Touched,
  at: { account: string; region: string },
  upstream: Upstream,
  moto: () => URL,
): Promise<string | undefined> {
  if (type === 'AWS::IAM::User') {
    const form = { Action: 'GetUser', Version: '2010-05-08', UserName: name };
    return elementOf(await ask(upstream, { ...at, scope: 'iam' }, form), 'UserId');
  }
  if (type === 'AWS::RDS::DBInstance') {
    const form = { Action: 'DescribeDBInstances', Version: '2014-10-31', DBInstanceIdentifier: name };
    return elementOf(await ask(upstream, { ...at, scope: 'rds', to: moto() }, form), 'DbiResourceId');
  }
  return name;
}

async function ask(
  upstream: Upstream,
  to: { account: string; region: string; scope: string; to?: URL },
  form: Record<string, string>,
): Promise<string> {
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  const { body } = await upstream.asRoot({ ...to, headers, body: new URLSearchParams(form).toString() });
  return body.toString();
}

function elementOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]+)<`).exec(xml)?.[1];
}
