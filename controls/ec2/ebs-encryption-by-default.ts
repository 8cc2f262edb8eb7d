import { ACCOUNT, defineControl } from '../../lib/model/control.ts';
import { theAccount } from '../account.ts';

type State = { readonly EbsEncryptionByDefault?: boolean };

/** The region's setting that encrypts every new EBS volume and snapshot copy. */
export const ebsEncryptionByDefault = defineControl({
  id: 'ebs-encryption-by-default',
  title: 'EBS volumes are encrypted by default',
  rationale: 'A volume that somebody forgets to encrypt leaks its data through snapshots that are shared or copied.',
  severity: 'medium',
  resource: ACCOUNT,
  scope: 'regional',
  frameworks: {
    fsbp: ['EC2.7'],
    'cis-v3': ['2.2.1'],
    'nist-800-53-r5': ['CA-9(1)', 'CM-3(6)', 'SC-13', 'SC-28', 'SC-28(1)', 'SC-7(10)', 'SI-7(6)'],
    'nist-csf-2.0': ['PR.DS-01'],
  },
  detect: { by: 'managed-rule', identifier: 'EC2_EBS_ENCRYPTION_BY_DEFAULT', periodic: true },
  triggers: { 'ec2:DisableEbsEncryptionByDefault': 'account' },
  configId: 'id',
  services: ['ec2'],
  check(state: State) {
    return state.EbsEncryptionByDefault
      ? 'compliant'
      : { violation: 'New EBS volumes in this region are not encrypted by default.' };
  },
  violationExamples: [{}, { EbsEncryptionByDefault: false }],
  observe: {
    actions: ['ec2:GetEbsEncryptionByDefault'],
    list: theAccount,
    async read({ ec2 }) {
      const { EbsEncryptionByDefault } = await ec2.getEbsEncryptionByDefault({});
      return { EbsEncryptionByDefault: EbsEncryptionByDefault === true };
    },
  },
  repair: {
    actions: ['ec2:EnableEbsEncryptionByDefault', 'ec2:DisableEbsEncryptionByDefault'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: () => ({ EbsEncryptionByDefault: true }),
    async write({ ec2 }, _target, state) {
      if (state.EbsEncryptionByDefault) await ec2.enableEbsEncryptionByDefault({});
      else await ec2.disableEbsEncryptionByDefault({});
      return undefined;
    },
  },
});
