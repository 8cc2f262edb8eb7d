import type { Json } from '../../../lib/model/control.ts';
import { booleans, type Case, type Choices, type Features, present, product, varied } from './case.ts';

// Controls on properties of the resource itself.

type Values = { readonly [feature: string]: Choices };

/** Cases of one resource alone, whose features are its properties. */
const alone = (Type: string, values: Values, chosen: readonly Features[], fixed: { [name: string]: Json } = {}) =>
  chosen.map((features, index): Case => {
    const id = `C${index}`;
    const set = Object.entries(features).map(([name, choice]) => [name, values[name]?.[choice]]);
    return {
      features,
      subjects: [id],
      resources: { [id]: { Type, Properties: present({ ...fixed, ...Object.fromEntries(set) }) } },
    };
  });

const SWITCHES = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
const { true: _, ...others } = booleans;
const switches: Values = Object.fromEntries(SWITCHES.map((name) => [name, { true: true, ...others }]));

/** Buckets by their public access block. */
export function publicAccessBlocks(): Case[] {
  const complete: Choices = { absent: undefined, empty: {}, 'AWS::NoValue': { Ref: 'AWS::NoValue' } };
  const within = varied(switches, 150).map((features, index): Case => {
    const block = present(Object.fromEntries(SWITCHES.map((name) => [name, switches[name]?.[features[name] ?? '']])));
    return bucket(`S${index}`, features, block);
  });
  return [
    ...Object.entries(complete).map(([name, value], index) => bucket(`W${index}`, { 'the whole block': name }, value)),
    ...within,
  ];
}

const bucket = (id: string, features: Features, block: Json | undefined): Case => ({
  features,
  subjects: [id],
  resources: { [id]: { Type: 'AWS::S3::Bucket', Properties: present({ PublicAccessBlockConfiguration: block }) } },
});

/** Queues by their two ways of encryption. */
export const queues = (): Case[] => {
  const values = {
    SqsManagedSseEnabled: booleans,
    KmsMasterKeyId: {
      absent: undefined,
      "SQS's own alias": 'alias/aws/sqs',
      'an empty text': '',
      'AWS::NoValue': { Ref: 'AWS::NoValue' },
      'a parameter': { Ref: 'Free' },
      'a condition: a key or nothing': { 'Fn::If': ['Night', 'alias/mine', { Ref: 'AWS::NoValue' }] },
    },
  };
  return alone('AWS::SQS::Queue', values, product(values));
};

/** KMS keys by rotation, kind and origin. */
export const keys = (): Case[] => {
  const values = {
    EnableKeyRotation: booleans,
    KeySpec: {
      absent: undefined,
      SYMMETRIC_DEFAULT: 'SYMMETRIC_DEFAULT',
      RSA_2048: 'RSA_2048',
      HMAC_256: 'HMAC_256',
      'a parameter': { Ref: 'Free' },
    },
    Origin: { absent: undefined, AWS_KMS: 'AWS_KMS', EXTERNAL: 'EXTERNAL', 'a parameter': { Ref: 'Free' } },
  };
  return alone('AWS::KMS::Key', values, product(values), { KeyPolicy: {} });
};

/** Trails by their validation of log files, written in each way that CDK knows. */
export const trails = (): Case[] => {
  const values = { EnableLogFileValidation: booleans };
  const fixed = { IsLogging: true, S3BucketName: 'logs' };
  const written = (as: 'override' | 'raw', name: string): Case[] =>
    alone(
      'AWS::CloudTrail::Trail',
      values,
      product({ EnableLogFileValidation: { true: true, false: false } }),
      fixed,
    ).map(({ features, subjects: [id = ''], resources }) => ({
      features: { ...features, 'written by': name },
      subjects: [`${as}${id}`],
      resources: { [`${as}${id}`]: resources[id] ?? { Type: '' } },
      as,
    }));
  return [
    ...alone('AWS::CloudTrail::Trail', values, product(values), fixed),
    ...written('override', 'an override'),
    ...written('raw', 'a raw CfnResource'),
  ];
};
