import { boolean, type Clients, defineResource, text } from '../../lib/model/index.ts';
import { ignoreNotFound } from '../errors.ts';
import { pages } from '../pages.ts';

/**
 * An SQS queue. The name is the id: the ARN for sessions contains it, and unlike a URL from an event it cannot refer to
 * another account.
 */
export const queue = defineResource({
  type: 'AWS::SQS::Queue',
  services: ['sqs'],
  arn: 'arn:{partition}:sqs:{region}:{account}:{id}',
  physicalId: 'https://sqs.{region}.{urlSuffix}/{account}/{id}',
  normalizeId: queueName,
  properties: {
    SqsManagedSseEnabled: boolean({
      absent: {
        value: true,
        source: 'https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html',
      },
    }),
    KmsMasterKeyId: text(),
  },
  list: {
    actions: ['sqs:ListQueues'],
    async *all({ sqs }) {
      const all = pages(
        (NextToken?: string) => sqs.listQueues({ MaxResults: 1000, NextToken }),
        (page) => page.NextToken,
      );
      for await (const { QueueUrls = [] } of all) for (const url of QueueUrls) yield { id: queueName(url) };
    },
  },
  facets: {
    encryption: {
      actions: ['sqs:GetQueueUrl', 'sqs:GetQueueAttributes'],
      async read(clients, target): Promise<{ readonly managed: boolean; readonly key?: string } | undefined> {
        const QueueUrl = await queueUrl(clients, target);
        const found = QueueUrl
          ? await ignoreNotFound('QueueDoesNotExist', () =>
              clients.sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['SqsManagedSseEnabled', 'KmsMasterKeyId'] }),
            )
          : undefined;
        const { SqsManagedSseEnabled, KmsMasterKeyId } = found?.Attributes ?? {};
        return found && { managed: SqsManagedSseEnabled === 'true', key: KmsMasterKeyId };
      },
    },
  },
});

function queueName(spelling: string): string {
  return spelling.replace(/^(https?:\/\/.*\/|arn:.*:)/, '');
}

/** Returns the URL of a queue for the API; `undefined` if the queue is gone. */
export async function queueUrl(
  { sqs }: Clients<'sqs'>,
  { id, account }: { readonly id: string; readonly account: string },
): Promise<string | undefined> {
  const found = await ignoreNotFound('QueueDoesNotExist', () =>
    sqs.getQueueUrl({ QueueName: id, QueueOwnerAWSAccountId: account }),
  );
  return found?.QueueUrl;
}
