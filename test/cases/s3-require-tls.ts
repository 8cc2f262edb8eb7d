import type { Json } from '../../lib/model/control.ts';
import type { Cases } from './cases.ts';

const Arn = 'arn:aws:s3:::orders';
const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
const denial = { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [Arn, `${Arn}/*`], Condition };
const { Principal: _everyone, ...rest } = denial;
const ours = { Sid: 'DenyInsecureTransport', ...denial };
const { Action: _every, ...ofOurs } = ours;
const inverted = { ...ofOurs, NotAction: 's3:GetObject' };
const reader = {
  Sid: 'Readers',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111122223333:root' },
  Action: ['s3:GetObject'],
  Resource: `${Arn}/reports/*`,
};
const policy = (...Statement: Json[]) => ({ Version: '2012-10-17', Statement });
const appended = (...others: Json[]) => ({ Arn, PolicyDocument: policy(...others, ours) });

const invalid = (name: string, statement: Json) => ({
  name,
  state: { Arn, PolicyDocument: policy(statement) },
  violation: /does not deny all plain HTTP requests/,
  desired: appended(statement),
});

export const cases: Cases = {
  valid: [
    { name: 'the statement of Evenkeel', state: { Arn, PolicyDocument: policy(ours) } },
    { name: 'beside other statements', state: { Arn, PolicyDocument: policy(reader, denial) } },
    { name: 'a single statement outside a list', state: { Arn, PolicyDocument: { Statement: denial } } },
    {
      name: 'bucket and objects in two statements',
      state: {
        Arn,
        PolicyDocument: policy({ ...denial, Resource: Arn }, { ...denial, Resource: `${Arn}/*` }),
      },
    },
    {
      name: 'other spellings of all principals, all actions and false',
      state: {
        Arn,
        PolicyDocument: policy({
          ...denial,
          Principal: { AWS: ['*'] },
          Action: ['S3:*'],
          Condition: { BoolIfExists: { 'AWS:securetransport': [false] } },
        }),
      },
    },
    {
      name: 'a pattern that matches both',
      state: { Arn, PolicyDocument: policy({ ...denial, Resource: 'arn:aws:s3:::ord*' }) },
    },
    {
      name: 'in the China partition',
      state: {
        Arn: 'arn:aws-cn:s3:::orders',
        PolicyDocument: policy({ ...denial, Resource: ['arn:aws-cn:s3:::orders', 'arn:aws-cn:s3:::orders/*'] }),
      },
    },
    {
      name: 'in a template that refers to the bucket',
      state: {
        Arn: `\${Orders.Arn}`,
        PolicyDocument: policy({
          ...denial,
          Principal: { AWS: '*' },
          Resource: [`arn:\${AWS::Partition}:s3:::\${Orders}`, `\${Orders.Arn}/*`],
        }),
      },
    },
  ],
  invalid: [
    {
      name: 'no policy',
      state: { Arn },
      violation: 'The bucket has no policy, so it accepts requests over plain HTTP.',
      desired: appended(),
    },
    invalid('only other statements', reader),
    invalid('an Allow for TLS, which denies no request', {
      ...reader,
      Condition: { Bool: { 'aws:SecureTransport': 'true' } },
    }),
    invalid('the bucket alone', { ...denial, Resource: Arn }),
    invalid('the objects alone', { ...denial, Resource: `${Arn}/*` }),
    invalid('some of the objects', { ...denial, Resource: [Arn, `${Arn}/reports/*`] }),
    invalid('one action', { ...denial, Action: 's3:GetObject' }),
    invalid('one principal', { ...denial, Principal: { AWS: 'arn:aws:iam::111122223333:root' } }),
    invalid('everyone but one', { ...rest, NotPrincipal: { AWS: '111122223333' } }),
    invalid('a further condition', {
      ...denial,
      Condition: { ...Condition, NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    }),
    invalid('a further key in the condition', {
      ...denial,
      Condition: { Bool: { 'aws:SecureTransport': 'false', 'aws:ViaAWSService': 'false' } },
    }),
    invalid('an Allow in place of the Deny', { ...denial, Effect: 'Allow' }),
    {
      name: 'a reduced statement of Evenkeel is completed in place',
      state: {
        Arn,
        PolicyDocument: policy({ ...ours, Action: 's3:GetObject', Resource: `${Arn}/*` }, reader),
      },
      violation: /does not deny all plain HTTP requests/,
      desired: { Arn, PolicyDocument: policy(ours, reader) },
    },
    {
      name: 'another statement has the Sid of Evenkeel',
      state: { Arn, PolicyDocument: policy({ ...reader, Sid: 'DenyInsecureTransport' }) },
      violation: /does not deny all plain HTTP requests/,
      desired: {
        Arn,
        PolicyDocument: policy({ ...reader, Sid: 'DenyInsecureTransport' }, { ...ours, Sid: 'DenyInsecureTransport2' }),
      },
    },
    {
      name: 'a statement with the Sid of Evenkeel and NotResource is kept',
      state: { Arn, PolicyDocument: policy(inverted) },
      violation: /does not deny all plain HTTP requests/,
      desired: { Arn, PolicyDocument: policy(inverted, { ...ours, Sid: 'DenyInsecureTransport2' }) },
    },
    {
      name: 'an old policy with an id and a single statement',
      state: { Arn, PolicyDocument: { Version: '2008-10-17', Id: 'Policy1', Statement: reader } },
      violation: /does not deny all plain HTTP requests/,
      desired: { Arn, PolicyDocument: { Version: '2008-10-17', Id: 'Policy1', Statement: [reader, ours] } },
    },
  ],
  live: {
    create: [
      { call: 's3:createBucket', input: { Bucket: '{name}' } },
      {
        call: 's3:putBucketPolicy',
        input: {
          Bucket: '{name}',
          Policy: JSON.stringify({
            Version: '2012-10-17',
            Statement: [
              {
                ...reader,
                Principal: { AWS: 'arn:aws:iam::{account}:root' },
                Resource: 'arn:aws:s3:::{name}/reports/*',
              },
              { ...denial, Resource: ['arn:aws:s3:::{name}', 'arn:aws:s3:::{name}/*'] },
            ],
          }),
        },
      },
    ],
    break: [
      {
        call: 's3:putBucketPolicy',
        input: {
          Bucket: '{name}',
          Policy: `{ "Version":"2012-10-17",\n  "Statement": [ {"Sid":"Readers",   "Effect":"Allow","Principal":{"AWS":"arn:aws:iam::{account}:root"},"Action":["s3:GetObject"],"Resource":"arn:aws:s3:::{name}/reports/*"} ] }`,
        },
      },
    ],
    alsoBreak: [[{ call: 's3:deleteBucketPolicy', input: { Bucket: '{name}' } }]],
    id: '{name}',
    remove: [{ call: 's3:deleteBucket', input: { Bucket: '{name}' } }],
  },
};
