import { defineControl } from '../../lib/model/index.ts';
import { isRotatable, key } from './key.ts';

/** Rotates the key material of symmetric customer managed keys every year. */
export const kmsKeyRotation = defineControl({
  id: 'kms-key-rotation',
  title: 'KMS keys are rotated automatically',
  rationale:
    'Rotation limits the amount of data that one version of the key material protects, and does not affect the users of the key.',
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
      if (state.EnableKeyRotation === true || !isRotatable(state)) return 'compliant';
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
      // Enabling rotation again would reset the owner's rotation period to one year.
      if (state.EnableKeyRotation === from.EnableKeyRotation) return;
      if (state.EnableKeyRotation) await kms.enableKeyRotation({ KeyId });
      else await kms.disableKeyRotation({ KeyId });
    },
  },
});
