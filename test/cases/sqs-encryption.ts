import type { Cases } from './cases.ts';

export const cases: Cases = {
  valid: [
    { name: 'an SQS managed key', state: { SqsManagedSseEnabled: true } },
    { name: 'a KMS key', state: { SqsManagedSseEnabled: false, KmsMasterKeyId: 'alias/orders' } },
    { name: 'a KMS key, in a template without other properties', state: { KmsMasterKeyId: 'alias/aws/sqs' } },
    { name: 'not set: encrypted by default', state: {} },
  ],
  invalid: [
    {
      name: 'switched off',
      state: { SqsManagedSseEnabled: false },
      violation: 'The queue is not encrypted: SqsManagedSseEnabled is off and there is no KMS key.',
      desired: { SqsManagedSseEnabled: true },
    },
    {
      name: 'switched off, with an empty key',
      state: { SqsManagedSseEnabled: false, KmsMasterKeyId: '' },
      violation: /not encrypted/,
      desired: { SqsManagedSseEnabled: true },
    },
  ],
  live: {
    create: [
      {
        call: 'sqs:createQueue',
        input: { QueueName: '{name}', Attributes: { SqsManagedSseEnabled: 'true' } },
        save: { url: 'QueueUrl' },
      },
    ],
    break: [
      { call: 'sqs:setQueueAttributes', input: { QueueUrl: '{url}', Attributes: { SqsManagedSseEnabled: 'false' } } },
    ],
    id: '{name}',
    remove: [{ call: 'sqs:deleteQueue', input: { QueueUrl: '{url}' } }],
  },
};
