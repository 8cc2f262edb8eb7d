import type { KeyMetadata } from '@aws-sdk/client-kms';
import { boolean, defineResource, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';

const SOURCE = 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html';

/** A KMS key. The listing includes AWS managed keys, because only `DescribeKey` returns the key manager. */
export const key = defineResource({
  type: 'AWS::KMS::Key',
  services: ['kms'],
  arn: 'arn:{partition}:kms:{region}:{account}:key/{id}',
  properties: {
    EnableKeyRotation: boolean({ absent: { value: false, source: SOURCE } }),
    KeySpec: text({ absent: { value: 'SYMMETRIC_DEFAULT', source: SOURCE } }),
    Origin: text({ absent: { value: 'AWS_KMS', source: SOURCE } }),
  },
  list: {
    actions: ['kms:ListKeys'],
    async *all({ kms }) {
      const all = pages(
        (Marker?: string) => kms.listKeys({ Limit: 1000, Marker }),
        (page) => (page.Truncated ? page.NextMarker : undefined),
      );
      for await (const { Keys = [] } of all) for (const { KeyId } of Keys) if (KeyId) yield { id: KeyId };
    },
  },
  facets: {
    /** The metadata and rotation of a key; `undefined` if AWS cannot rotate its key material. */
    rotation: {
      actions: ['kms:DescribeKey', 'kms:GetKeyRotationStatus'],
      async read({ kms }, { id }): Promise<{ readonly metadata: KeyMetadata; readonly isOn: boolean } | undefined> {
        const found = await ignoreNotFound('NotFoundException', () => kms.describeKey({ KeyId: id }));
        const metadata = found?.KeyMetadata;
        if (!metadata || !supportsRotation(metadata)) return undefined;
        // A key can be disabled or scheduled for deletion between the two calls.
        const status = await ignoreNotFound(['NotFoundException', 'KMSInvalidStateException'], () =>
          kms.getKeyRotationStatus({ KeyId: id }),
        );
        return status && { metadata, isOn: status.KeyRotationEnabled === true };
      },
    },
  },
});

// AWS rotates only symmetric keys with AWS key material. A replica follows its primary key. The rotation of a disabled key
// can be neither read nor set.
function supportsRotation({ KeyManager, KeyState, KeySpec, Origin, MultiRegionConfiguration }: KeyMetadata): boolean {
  const isOwn = KeyManager === 'CUSTOMER' && MultiRegionConfiguration?.MultiRegionKeyType !== 'REPLICA';
  return isOwn && KeyState === 'Enabled' && isRotatable({ KeySpec, Origin });
}

/** Whether a key is symmetric with AWS key material: other keys cannot be rotated. */
export const isRotatable = ({ KeySpec, Origin }: { readonly KeySpec?: string; readonly Origin?: string }) =>
  (KeySpec ?? 'SYMMETRIC_DEFAULT') === 'SYMMETRIC_DEFAULT' && (Origin ?? 'AWS_KMS') === 'AWS_KMS';
