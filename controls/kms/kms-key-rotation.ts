import type { KeyMetadata } from '@aws-sdk/client-kms';
import { defineControl } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';
import { keyId, keys } from './keys.ts';

type State = { readonly EnableKeyRotation?: boolean; readonly KeySpec?: string; readonly Origin?: string };

/** Whether AWS replaces the material of a customer's symmetric keys every year. */
export const kmsKeyRotation = defineControl({
  id: 'kms-key-rotation',
  title: 'KMS keys are rotated automatically',
  rationale:
    'Rotation bounds how much data one piece of key material protects, and costs the users of the key nothing.',
  severity: 'medium',
  resource: 'AWS::KMS::Key',
  scope: 'regional',
  frameworks: {
    'cis-v3': ['3.6'],
    'nist-800-53-r5': ['SC-12', 'SC-12(2)', 'SC-28(3)'],
    'nist-csf-2.0': ['PR.DS-01'],
    'pci-dss-v4': ['3.7.4', '3.7.5'],
  },
  detect: { by: 'managed-rule', identifier: 'CMK_BACKING_KEY_ROTATION_ENABLED', periodic: true },
  triggers: {
    'kms:CreateKey': 'responseElements.keyMetadata.keyId',
    'kms:DisableKeyRotation': 'requestParameters.keyId',
    'kms:EnableKey': 'requestParameters.keyId',
  },
  configId: 'id',
  services: ['kms'],
  arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
  normalizeId: keyId,
  check(state: State) {
    if (state.EnableKeyRotation === true || !canRotate(state)) return 'compliant';
    return { violation: 'The key is not rotated automatically.' };
  },
  violationExamples: [{}, { EnableKeyRotation: false, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' }],
  template: ['EnableKeyRotation', 'KeySpec', 'Origin'],
  observe: {
    actions: ['kms:ListKeys', 'kms:DescribeKey', 'kms:GetKeyRotationStatus'],
    list: keys,
    async read({ kms }, { id }) {
      const found = await ignoreNotFound('NotFoundException', () => kms.describeKey({ KeyId: id }));
      const metadata = found?.KeyMetadata;
      if (!metadata || !isSubject(metadata)) return undefined;
      // A key may be disabled, or its deletion begin, between the two calls.
      const status = await ignoreNotFound(['NotFoundException', 'KMSInvalidStateException'], () =>
        kms.getKeyRotationStatus({ KeyId: id }),
      );
      if (!status) return undefined;
      return {
        EnableKeyRotation: status.KeyRotationEnabled === true,
        KeySpec: metadata.KeySpec,
        Origin: metadata.Origin,
      };
    },
  },
  repair: {
    actions: ['kms:EnableKeyRotation', 'kms:DisableKeyRotation'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    desired: (state) => (canRotate(state) ? { ...state, EnableKeyRotation: true } : state),
    async write({ kms }, { id }, state, from) {
      // Enabling what is enabled would set a rotation period of the owner's choice back to a year.
      if (state.EnableKeyRotation === from.EnableKeyRotation) return undefined;
      if (state.EnableKeyRotation) await kms.enableKeyRotation({ KeyId: id });
      else await kms.disableKeyRotation({ KeyId: id });
      return undefined;
    },
  },
});

// AWS rotates only symmetric keys whose material it made; a template that says neither gets such a key.
function canRotate({ KeySpec = 'SYMMETRIC_DEFAULT', Origin = 'AWS_KMS' }: State): boolean {
  return KeySpec === 'SYMMETRIC_DEFAULT' && Origin === 'AWS_KMS';
}

// A replica follows its primary key, and the rotation of a disabled key can be neither read nor set.
function isSubject({ KeyManager, KeyState, KeySpec, Origin, MultiRegionConfiguration }: KeyMetadata): boolean {
  const isOwn = KeyManager === 'CUSTOMER' && MultiRegionConfiguration?.MultiRegionKeyType !== 'REPLICA';
  return isOwn && KeyState === 'Enabled' && canRotate({ KeySpec, Origin });
}
