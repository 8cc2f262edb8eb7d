import type { AwsVerdict, Cases } from './cases.ts';

const notSupported: AwsVerdict = {
  verdict: 'NOT_APPLICABLE',
  source: 'https://docs.aws.amazon.com/config/latest/developerguide/cmk-backing-key-rotation-enabled.html',
};

export const cases: Cases = {
  valid: [
    {
      name: 'rotated',
      state: { EnableKeyRotation: true, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' },
    },
    { name: 'rotated, in a template without other properties', state: { EnableKeyRotation: true } },
    { name: 'an asymmetric key', state: { KeySpec: 'RSA_4096' }, aws: notSupported },
    { name: 'an HMAC key', state: { KeySpec: 'HMAC_256', Origin: 'AWS_KMS' }, aws: notSupported },
    {
      name: 'imported key material',
      state: { EnableKeyRotation: false, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'EXTERNAL' },
      aws: notSupported,
    },
  ],
  invalid: [
    {
      name: 'switched off',
      state: { EnableKeyRotation: false, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' },
      violation: 'The key is not rotated automatically.',
      desired: { EnableKeyRotation: true, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' },
    },
    {
      name: 'not set: off by default',
      state: {},
      violation: /not rotated/,
      desired: { EnableKeyRotation: true },
    },
  ],
  live: {
    create: [
      { call: 'kms:createKey', input: { Description: '{name}' }, save: { key: 'KeyMetadata.KeyId' } },
      { call: 'kms:enableKeyRotation', input: { KeyId: '{key}' } },
    ],
    break: [{ call: 'kms:disableKeyRotation', input: { KeyId: '{key}' } }],
    id: '{key}',
    remove: [{ call: 'kms:scheduleKeyDeletion', input: { KeyId: '{key}', PendingWindowInDays: 7 } }],
  },
};
