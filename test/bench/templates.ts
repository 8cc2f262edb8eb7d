import type { RawResource, Template } from '../../lib/evaluate/index.ts';
import type { Json } from '../../lib/model/control.ts';

type Made = { readonly [logicalId: string]: RawResource };
type Maker = (n: number) => Made;

const Ref = (name: string) => ({ Ref: name });
const resource = (Type: string, Properties: { readonly [name: string]: Json }): RawResource => ({ Type, Properties });
const tcp = (port: Json, CidrIp: Json) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, CidrIp });

const EVERY = 20;

/** A group as most are, and one in twenty open to the world. */
const group: Maker = (n) => ({
  [`Group${n}`]: resource('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Made for measuring',
    SecurityGroupIngress: [tcp(443, '0.0.0.0/0'), tcp(n % EVERY ? 8080 : 22, n % EVERY ? Ref('Office') : '0.0.0.0/0')],
  }),
});

/** A group with rules that are partly known only at deployment, the slowest resource to evaluate. */
const unresolvedGroup: Maker = (n) => ({
  [`Unresolved${n}`]: resource('AWS::EC2::SecurityGroup', {
    GroupDescription: 'Made for measuring',
    SecurityGroupIngress: [tcp(443, '0.0.0.0/0'), tcp(22, Ref('Office')), tcp(Ref('Port'), `10.${n % 256}.0.0/16`)],
  }),
});

const bucket: Maker = (n) => {
  const Arn = { 'Fn::GetAtt': [`Bucket${n}`, 'Arn'] };
  const Statement = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [Arn, { 'Fn::Join': ['', [Arn, '/*']] }],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  };
  const PublicAccessBlockConfiguration = {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: n % EVERY > 0,
  };
  return {
    [`Bucket${n}`]: resource('AWS::S3::Bucket', { PublicAccessBlockConfiguration }),
    [`Policy${n}`]: resource('AWS::S3::BucketPolicy', {
      Bucket: Ref(`Bucket${n}`),
      PolicyDocument: { Version: '2012-10-17', Statement: [Statement] },
    }),
  };
};

const others: Maker = (n) => ({
  [`Queue${n}`]: resource('AWS::SQS::Queue', n % 2 ? { KmsMasterKeyId: Ref('Key') } : { SqsManagedSseEnabled: true }),
  [`Key${n}`]: resource('AWS::KMS::Key', { EnableKeyRotation: n % EVERY > 0, KeyPolicy: { Statement: [] } }),
  [`Database${n}`]: resource('AWS::RDS::DBInstance', {
    PubliclyAccessible: { 'Fn::If': ['IsProd', false, n % EVERY === 0] },
    StorageEncrypted: true,
  }),
  [`Instance${n}`]: resource('AWS::EC2::Instance', { MetadataOptions: { HttpTokens: 'required' } }),
  [`Function${n}`]: resource('AWS::Lambda::Function', { Runtime: 'nodejs22.x', Environment: { Variables: { n } } }),
  [`Role${n}`]: resource('AWS::IAM::Role', { AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow' }] } }),
});

/** The resources of a template. */
export type Mixture = 'mixed' | 'groups';

/** A template of this size: a typical mixture of resources, or half of them groups with unresolved rules. */
export function templateOf(size: number, mixture: Mixture = 'mixed'): Template {
  const Resources: { [logicalId: string]: RawResource } = {};
  const add = (made: Made) => Object.assign(Resources, made);
  for (let n = 0; Object.keys(Resources).length < size; n++) {
    for (const make of [group, bucket, others]) add(make(n));
    if (mixture === 'groups') for (let each = n * 9; each < (n + 1) * 9; each++) add(unresolvedGroup(each));
  }
  return {
    Parameters: {
      Office: { Type: 'String' },
      Port: { Type: 'Number' },
      Key: { Type: 'String' },
      Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
    },
    Conditions: { IsProd: { 'Fn::Equals': [Ref('Stage'), 'prod'] } },
    Resources: Object.fromEntries(Object.entries(Resources).slice(0, size)),
  };
}
