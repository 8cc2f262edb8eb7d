import type { Cases } from './cases.ts';

const on = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
const off = { BlockPublicAcls: false, BlockPublicPolicy: false, IgnorePublicAcls: false, RestrictPublicBuckets: false };
const desired = { PublicAccessBlockConfiguration: on };

export const cases: Cases = {
  valid: [{ name: 'all four settings on', state: { PublicAccessBlockConfiguration: on } }],
  invalid: [
    {
      name: 'no configuration',
      state: {},
      aws: {
        verdict: 'NON_COMPLIANT',
        source:
          'https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-level-public-access-prohibited.html',
      },
      violation:
        'Public access is not blocked: BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls and RestrictPublicBuckets are off.',
      desired,
    },
    { name: 'all settings off', state: { PublicAccessBlockConfiguration: off }, violation: /not blocked/, desired },
    {
      name: 'one setting off',
      state: { PublicAccessBlockConfiguration: { ...on, RestrictPublicBuckets: false } },
      violation: 'Public access is not blocked: RestrictPublicBuckets is off.',
      desired,
    },
    {
      name: 'two settings not set',
      state: { PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true } },
      violation: /BlockPublicPolicy and RestrictPublicBuckets are off/,
      desired,
    },
  ],
  live: {
    create: [
      { call: 's3:createBucket', input: { Bucket: '{name}' } },
      {
        call: 's3:putPublicAccessBlock',
        input: { Bucket: '{name}', PublicAccessBlockConfiguration: on },
      },
    ],
    break: [{ call: 's3:deletePublicAccessBlock', input: { Bucket: '{name}' } }],
    id: '{name}',
    remove: [{ call: 's3:deleteBucket', input: { Bucket: '{name}' } }],
  },
};
