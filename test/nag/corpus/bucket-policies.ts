import type { Json } from '../../../lib/model/control.ts';
import { type Case, type Choices, caseOf, present, varied } from './case.ts';

const ARN = { 'Fn::GetAtt': ['It', 'Arn'] };
const OBJECTS = { 'Fn::Join': ['', [ARN, '/*']] };

const NOTHING = { Ref: 'AWS::NoValue' };
const ONE = { AWS: 'arn:aws:iam::111111111111:role/one' };
const GOOD = {
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [ARN, OBJECTS],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
};

const choices = {
  policy: { one: true, none: undefined, 'two, the second one good': true },
  bucket: {
    'by reference': { Ref: 'It' },
    'by name': 'NAME',
    'another one': 'elsewhere',
    'a parameter': { Ref: 'Free' },
  },
  effect: { Deny: 'Deny', Allow: 'Allow', 'a parameter': { Ref: 'Free' } },
  principal: {
    '*': '*',
    'AWS: *': { AWS: '*' },
    'AWS: a list with *': { AWS: ['*'] },
    'one role': ONE,
    'everyone but one, by NotPrincipal': undefined,
  },
  action: {
    's3:*': 's3:*',
    '*': '*',
    'S3:* in capitals': 'S3:*',
    'a list with s3:*': ['s3:GetObject', 's3:*'],
    'reading only': 's3:GetObject',
    's3:Get* and s3:Put*': ['s3:Get*', 's3:Put*'],
  },
  condition: {
    'not secure': { Bool: { 'aws:SecureTransport': 'false' } },
    'not secure, as a boolean': { Bool: { 'aws:SecureTransport': false } },
    'not secure, as a list': { Bool: { 'aws:SecureTransport': ['false'] } },
    'not secure, key in small letters': { Bool: { 'aws:securetransport': 'false' } },
    'not secure, BoolIfExists': { BoolIfExists: { 'aws:SecureTransport': 'false' } },
    'not secure and from one address': {
      Bool: { 'aws:SecureTransport': 'false' },
      IpAddress: { 'aws:SourceIp': '192.0.2.1' },
    },
    'not secure and by a service': { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' } },
    secure: { Bool: { 'aws:SecureTransport': 'true' } },
    absent: undefined,
    'TLS older than 1.2': { NumericLessThan: { 's3:TlsVersion': '1.2' } },
  },
  resource: {
    'bucket and objects': [ARN, OBJECTS],
    'bucket and objects by Fn::Sub': [{ 'Fn::Sub': `\${It.Arn}` }, { 'Fn::Sub': `\${It.Arn}/*` }],
    'bucket and objects by name': ['arn:aws:s3:::NAME', 'arn:aws:s3:::NAME/*'],
    'bucket and objects by Ref in an ARN': [
      { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'It' }]] },
      { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'It' }, '/*']] },
    ],
    'the bucket only': [ARN],
    'the objects only': [OBJECTS],
    'the objects as a text': OBJECTS,
    'a folder only': [ARN, { 'Fn::Join': ['', [ARN, '/public/*']] }],
    '*': '*',
    'a list with *': ['*'],
    'one pattern for both': { 'Fn::Join': ['', [ARN, '*']] },
    'a list of one pattern for both': [{ 'Fn::Join': ['', [ARN, '*']] }],
    'another bucket': ['arn:aws:s3:::elsewhere', 'arn:aws:s3:::elsewhere/*'],
    'a parameter': [{ Ref: 'Free' }],
  },
  statements: { 'a list': 'list', 'one, no list': 'one', 'by a condition, or nothing': 'maybe' },
} as const satisfies { readonly [feature: string]: Choices };

/** Buckets by their policy. */
export const bucketPolicies = (): Case[] =>
  varied(choices, 200).map((features, index) => {
    const it = (feature: keyof typeof choices): Json | undefined => {
      const choice = (choices[feature] as Choices)[features[feature] ?? '']; // a choice is one of its feature's
      return JSON.parse(JSON.stringify(choice ?? null).replaceAll('NAME', `name-of-${index}`)) ?? undefined;
    };
    const statement = present({
      Effect: it('effect'),
      Principal: it('principal'),
      NotPrincipal: features.principal?.includes('NotPrincipal') ? ONE : undefined,
      Action: it('action'),
      Resource: it('resource'),
      Condition: it('condition'),
    });
    const Statement = { list: [statement], one: statement, maybe: [{ 'Fn::If': ['Night', statement, NOTHING] }] };
    const policy = (statements: Json) => ({
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: it('bucket') ?? null, PolicyDocument: { Version: '2012-10-17', Statement: statements } },
    });
    return caseOf(
      `C${index}`,
      features,
      {
        It: { Type: 'AWS::S3::Bucket', Properties: { BucketName: `name-of-${index}` } },
        ...(features.policy !== 'none' && { Policy: policy(Statement[it('statements') as keyof typeof Statement]) }),
        ...(features.policy?.startsWith('two') && { Second: policy([GOOD]) }),
      },
      'It',
    );
  });
