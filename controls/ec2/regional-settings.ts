import { boolean, defineResource } from '../../lib/model/index.ts';
import { accountSetting } from '../account.ts';

/** EC2 settings of an account in one region. */
export const regionalSettings = defineResource({
  ...accountSetting,
  services: ['ec2'],
  properties: { EbsEncryptionByDefault: boolean() },
  facets: {
    ebsEncryption: {
      actions: ['ec2:GetEbsEncryptionByDefault'],
      read: ({ ec2 }) => ec2.getEbsEncryptionByDefault({}),
    },
  },
});
