import { defineControl } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';
import { queueId, queues, queueUrl } from './queues.ts';

type State = { readonly SqsManagedSseEnabled?: boolean; readonly KmsMasterKeyId?: string };

/** Whether a queue's messages are encrypted at rest, with a key of SQS or a KMS key of the owner's choice. */
export const sqsEncryption = defineControl({
  id: 'sqs-encryption',
  title: 'SQS queues are encrypted at rest',
  rationale: 'Messages wait in a queue for up to 14 days; unencrypted, they lie open to whoever reaches the storage.',
  severity: 'medium',
  resource: 'AWS::SQS::Queue',
  scope: 'regional',
  frameworks: {
    fsbp: ['SQS.1'],
    'nist-800-53-r5': ['CA-9(1)', 'CM-3(6)', 'SC-13', 'SC-28', 'SC-28(1)', 'SC-7(10)', 'SI-7(6)'],
    'nist-csf-2.0': ['PR.DS-01'],
  },
  // AWS Config has no managed rule for it: Security Hub brings one of its own.
  detect: { by: 'custom-rule' },
  triggers: {
    'sqs:CreateQueue': ['responseElements.queueUrl', 'requestParameters.queueName'],
    'sqs:SetQueueAttributes': 'requestParameters.queueUrl',
  },
  configId: 'id',
  services: ['sqs'],
  arn: 'arn:{partition}:sqs:{region}:{account}:{id}',
  physicalId: 'https://sqs.{region}.amazonaws.com/{account}/{id}',
  normalizeId: queueId,
  check(state: State) {
    // SQS encrypts unless it is told not to.
    if (state.KmsMasterKeyId || state.SqsManagedSseEnabled !== false) return 'compliant';
    return { violation: 'The queue is not encrypted: SqsManagedSseEnabled is off and there is no KMS key.' };
  },
  violationExamples: [{ SqsManagedSseEnabled: false }],
  template: ['SqsManagedSseEnabled', 'KmsMasterKeyId'],
  observe: {
    actions: ['sqs:ListQueues', 'sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
    list: queues,
    async read(clients, target) {
      const QueueUrl = await queueUrl(clients, target);
      if (!QueueUrl) return undefined;
      const found = await ignoreNotFound('QueueDoesNotExist', () =>
        clients.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['SqsManagedSseEnabled', 'KmsMasterKeyId'] }),
      );
      if (!found) return undefined;
      const { SqsManagedSseEnabled, KmsMasterKeyId } = found.Attributes ?? {};
      return { SqsManagedSseEnabled: SqsManagedSseEnabled === 'true', ...(KmsMasterKeyId && { KmsMasterKeyId }) };
    },
  },
  repair: {
    actions: ['sqs:SetQueueAttributes'],
    risk: 'low',
    reversible: true,
    maxMode: 'auto',
    verifyWithin: 90,
    // Never a KMS key: AWS services that send to the queue would need rights on it, and fall silent without them.
    desired: (state) =>
      state.KmsMasterKeyId || state.SqsManagedSseEnabled !== false ? state : { SqsManagedSseEnabled: true },
    async write(clients, target, { SqsManagedSseEnabled, KmsMasterKeyId }, from) {
      const Attributes = {
        ...(SqsManagedSseEnabled !== from.SqsManagedSseEnabled && {
          SqsManagedSseEnabled: String(SqsManagedSseEnabled ?? true),
        }),
        ...(KmsMasterKeyId !== from.KmsMasterKeyId && { KmsMasterKeyId: KmsMasterKeyId ?? '' }),
      };
      const QueueUrl = Object.keys(Attributes).length > 0 ? await queueUrl(clients, target) : undefined;
      // SQS refuses both kinds of encryption at once, so that a key that came in meanwhile is not replaced.
      if (QueueUrl) await clients.sqs.setQueueAttributes({ QueueUrl, Attributes });
      return undefined;
    },
  },
});
