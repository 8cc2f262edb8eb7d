import { defineControl } from '../../lib/model/index.ts';
import { queue, queueUrl } from './queue.ts';

/** Requires encryption at rest of queues, with an SQS managed key or a KMS key. */
export const sqsEncryption = defineControl({
  id: 'sqs-encryption',
  title: 'SQS queues are encrypted at rest',
  rationale:
    'SQS stores messages for up to 14 days. Without encryption, anyone with access to the storage can read them.',
  severity: 'medium',
  frameworks: {
    fsbp: ['SQS.1'],
    'nist-800-53-r5': ['CA-9(1)', 'CM-3(6)', 'SC-13', 'SC-28', 'SC-28(1)', 'SC-7(10)', 'SI-7(6)'],
    'nist-csf-2.0': ['PR.DS-01'],
  },
  resource: queue,
  facets: ['encryption'],
  state: ({ encryption: { managed, key } }) => ({ SqsManagedSseEnabled: managed, ...(key && { KmsMasterKeyId: key }) }),
  rule: {
    properties: ['SqsManagedSseEnabled', 'KmsMasterKeyId'],
    check({ KmsMasterKeyId, SqsManagedSseEnabled }) {
      if (KmsMasterKeyId || SqsManagedSseEnabled !== false) return 'compliant';
      return { violation: 'The queue is not encrypted: SqsManagedSseEnabled is off and there is no KMS key.' };
    },
    violationExamples: [{ SqsManagedSseEnabled: false }],
  },
  // A custom rule, because AWS Config has no managed rule for queue encryption.
  triggers: {
    'responseElements.queueUrl': ['sqs:CreateQueue'],
    'requestParameters.queueName': ['sqs:CreateQueue'],
    'requestParameters.queueUrl': ['sqs:SetQueueAttributes'],
  },
  repair: {
    actions: ['sqs:SetQueueAttributes'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    verifyWithin: 90,
    // Not a KMS key: AWS services that send to the queue would need permissions for the key.
    desired: () => ({ SqsManagedSseEnabled: true }),
    async write(clients, target, { SqsManagedSseEnabled, KmsMasterKeyId }, from) {
      const Attributes = {
        ...(SqsManagedSseEnabled !== from.SqsManagedSseEnabled && {
          SqsManagedSseEnabled: String(SqsManagedSseEnabled ?? true),
        }),
        ...(KmsMasterKeyId !== from.KmsMasterKeyId && { KmsMasterKeyId: KmsMasterKeyId ?? '' }),
      };
      const QueueUrl = Object.keys(Attributes).length > 0 ? await queueUrl(clients, target) : undefined;
      // SQS rejects both kinds of encryption at once, so the call cannot replace a key that was set in the meantime.
      if (QueueUrl) await clients.sqs.setQueueAttributes({ QueueUrl, Attributes });
    },
  },
});
