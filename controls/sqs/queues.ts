import type { Clients, Place, Target } from '../../lib/model/control.ts';
import { ignoreNotFound } from '../errors.ts';

/** Yields every queue by name, all pages; the state is left to the control's own `read`. */
export async function* queues({ sqs }: Clients<'sqs'>, _place: Place) {
  let NextToken: string | undefined;
  do {
    const page = await sqs.listQueues({ MaxResults: 1000, NextToken });
    for (const url of page.QueueUrls ?? []) yield { id: queueId(url) };
    NextToken = page.NextToken;
  } while (NextToken);
}

/**
 * A queue's name from its URL, its ARN or its name. The name is the id, for it stands in the ARN that sessions are cut
 * down to, and it cannot lead into another account as a URL from an event could.
 */
export const queueId = (spelling: string) => spelling.replace(/^(https?:\/\/.*\/|arn:.*:)/, '');

/** The URL that the API wants instead of a name; `undefined` when the queue is gone. */
export async function queueUrl({ sqs }: Clients<'sqs'>, { id, account }: Target): Promise<string | undefined> {
  const found = await ignoreNotFound('QueueDoesNotExist', () =>
    sqs.getQueueUrl({ QueueName: id, QueueOwnerAWSAccountId: account }),
  );
  return found?.QueueUrl;
}
