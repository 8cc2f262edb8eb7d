import { defineControl } from '../../lib/model/index.ts';
import { isSymmetricOfAws, key } from './key.ts';

/** Whether AWS replaces the material of a customer's symmetric keys every year. */
export const kmsKeyRotation = defineControl({
  id: 'kms-key-rotation',
  title: 'KMS keys are rotated automatically',
  rationale:
    'Rotation limits how much data one piece of key material protects, and costs the users of the key nothing.',
  severity: 'medium',
  frameworks: {
    'cis-v3': ['3.6'],
    'nist-800-53-r5': ['SC-12', 'SC-12(2)', 'SC-28(3)'],
    'nist-csf-2.0': ['PR.DS-01'],
    'pci-dss-v4': ['3.7.4', '3.7.5'],
  },
  resource: key,
  facets: ['rotation'],
  state: ({ rotation: { metadata, isOn } }) => ({
    EnableKeyRotation: isOn,
    KeySpec: metadata.KeySpec,
    Origin: metadata.Origin,
  }),
  rule: {
    properties: ['EnableKeyRotation', 'KeySpec', 'Origin'],
    check(state) {
      if (state.EnableKeyRotation === true || !isSymmetricOfAws(state)) return 'compliant';
      return { violation: 'The key is not rotated automatically.' };
    },
    violationExamples: [{}, { EnableKeyRotation: false, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' }],
  },
  detect: { by: 'managed-rule', identifier: 'CMK_BACKING_KEY_ROTATION_ENABLED', periodic: true },
  triggers: {
    'responseElements.keyMetadata.keyId': ['kms:CreateKey'],
    'requestParameters.keyId': ['kms:DisableKeyRotation', 'kms:EnableKey'],
  },
  repair: {
    actions: ['kms:EnableKeyRotation', 'kms:DisableKeyRotation'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: (state) => ({ ...state, EnableKeyRotation: true }),
    async write({ kms }, { id: KeyId }, state, from) {
      // Enabling enabled rotation would reset a rotation period of the owner's choice to a year.
      if (state.EnableKeyRotation === from.EnableKeyRotation) return;
      if (state.EnableKeyRotation) await kms.enableKeyRotation({ KeyId });
      else await kms.disableKeyRotation({ KeyId });
    },
  },
});
