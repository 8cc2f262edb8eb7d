import type { Cases } from './cases.ts';

export const cases: Cases = {
  valid: [{ name: 'switched on', state: { EnableLogFileValidation: true } }],
  invalid: [
    {
      name: 'switched off',
      state: { EnableLogFileValidation: false },
      violation: 'Log file validation is off: changed or deleted log files cannot be detected.',
      desired: { EnableLogFileValidation: true },
    },
    {
      name: 'not set: off by default',
      state: {},
      violation: /Log file validation is off/,
      desired: { EnableLogFileValidation: true },
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
                Effect: 'Allow',
                Principal: { Service: 'cloudtrail.amazonaws.com' },
                Action: 's3:GetBucketAcl',
                Resource: 'arn:aws:s3:::{name}',
              },
              {
                Effect: 'Allow',
                Principal: { Service: 'cloudtrail.amazonaws.com' },
                Action: 's3:PutObject',
                Resource: 'arn:aws:s3:::{name}/*',
                Condition: { StringEquals: { 's3:x-amz-acl': 'bucket-owner-full-control' } },
              },
            ],
          }),
        },
      },
      {
        call: 'cloudtrail:createTrail',
        input: { Name: '{name}', S3BucketName: '{name}', EnableLogFileValidation: true },
      },
    ],
    break: [{ call: 'cloudtrail:updateTrail', input: { Name: '{name}', EnableLogFileValidation: false } }],
    id: '{name}',
    remove: [{ call: 'cloudtrail:deleteTrail', input: { Name: '{name}' } }],
  },
};
