import type { Cases } from './cases.ts';

export const cases: Cases = {
  valid: [{ name: 'switched on', state: { EbsEncryptionByDefault: true } }],
  invalid: [
    {
      name: 'switched off',
      state: { EbsEncryptionByDefault: false },
      violation: 'New EBS volumes in this region are not encrypted by default.',
      desired: { EbsEncryptionByDefault: true },
    },
  ],
  live: {
    create: [{ call: 'ec2:enableEbsEncryptionByDefault', input: {} }],
    break: [{ call: 'ec2:disableEbsEncryptionByDefault', input: {} }],
    id: '{account}',
  },
};
