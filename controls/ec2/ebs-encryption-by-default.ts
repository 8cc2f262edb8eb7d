import { defineControl } from '../../lib/model/index.ts';
import { requires } from '../requirement.ts';
import { regionalSettings } from './regional-settings.ts';

/** Encrypts every new EBS volume and snapshot copy of a region by default. */
export const ebsEncryptionByDefault = defineControl({
  id: 'ebs-encryption-by-default',
  title: 'EBS volumes are encrypted by default',
  rationale: 'An unencrypted volume exposes its data through snapshots that are shared or copied.',
  severity: 'medium',
  frameworks: {
    fsbp: ['EC2.7'],
    'cis-v3': ['2.2.1'],
    'nist-800-53-r5': ['CA-9(1)', 'CM-3(6)', 'SC-13', 'SC-28', 'SC-28(1)', 'SC-7(10)', 'SI-7(6)'],
    'nist-csf-2.0': ['PR.DS-01'],
  },
  resource: regionalSettings,
  facets: ['ebsEncryption'],
  state: ({ ebsEncryption }) => ({ EbsEncryptionByDefault: ebsEncryption.EbsEncryptionByDefault === true }),
  rule: requires({ EbsEncryptionByDefault: true }, 'New EBS volumes in this region are not encrypted by default.'),
  detect: { by: 'managed-rule', identifier: 'EC2_EBS_ENCRYPTION_BY_DEFAULT', periodic: true },
  triggers: { account: ['ec2:DisableEbsEncryptionByDefault'] },
  repair: {
    actions: ['ec2:EnableEbsEncryptionByDefault', 'ec2:DisableEbsEncryptionByDefault'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    async write({ ec2 }, _target, { EbsEncryptionByDefault }) {
      if (EbsEncryptionByDefault) await ec2.enableEbsEncryptionByDefault({});
      else await ec2.disableEbsEncryptionByDefault({});
    },
  },
});
