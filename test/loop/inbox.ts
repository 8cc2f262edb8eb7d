import { SNS } from '@aws-sdk/client-sns';
import { SQS } from '@aws-sdk/client-sqs';
import type { Body } from '../../lib/notifications/message.ts';
import { hub, rootOf } from '../../sandbox/accounts.ts';
import { freshName, localAws } from './local-aws.ts';

const root = { endpoint: localAws.gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const sqs = new SQS(root);
const TopicArn = localAws.deployment.outputs['evenkeel-hub']?.NotificationTopic ?? '';

/** A notification as the topic delivered it. */
export type Notification = Body & { readonly kind: string | undefined };

/** Subscribes a queue as the stack subscribes an owner's addresses, because the local AWS delivers no mail. */
export async function subscribe(owner: string): Promise<() => Promise<readonly Notification[]>> {
  const { QueueUrl } = await sqs.createQueue({ QueueName: freshName('inbox') });
  const { Attributes } = await sqs.getQueueAttributes({ QueueUrl, AttributeNames: ['QueueArn'] });
  const Endpoint = Attributes?.QueueArn ?? '';
  const statement = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' };
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ ...statement, Resource: Endpoint }] });
  await sqs.setQueueAttributes({ QueueUrl, Attributes: { Policy } });
  await new SNS(root).subscribe({
    TopicArn,
    Protocol: 'sqs',
    Endpoint,
    Attributes: { FilterPolicy: JSON.stringify({ owner: [owner] }) },
  });
  const received: Notification[] = [];
  return async () => {
    const { Messages = [] } = await sqs.receiveMessage({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
    for (const { Body: body = '', ReceiptHandle } of Messages) {
      const envelope = JSON.parse(body);
      received.push({ ...JSON.parse(envelope.Message), kind: envelope.MessageAttributes?.kind?.Value });
      await sqs.deleteMessage({ QueueUrl, ReceiptHandle });
    }
    return received;
  };
}
