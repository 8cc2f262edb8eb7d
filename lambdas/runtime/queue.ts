import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { z } from 'zod';
import { logger } from './step.ts';

/** A parsed message of a queue. */
export interface Message<T> {
  readonly messageId: string;
  readonly content: T;
}

/**
 * Serves messages by group; `serve` returns the messages to deliver again. A message that cannot be parsed, or whose group
 * fails, goes to the dead-letter queue after its retries and affects no other group.
 */
export async function serveGroups<T>(
  { Records }: SQSEvent,
  schema: z.ZodType<T>,
  groupOf: (message: Message<T>) => string,
  serve: (group: readonly Message<T>[]) => Promise<readonly Message<T>[]>,
): Promise<SQSBatchResponse> {
  const unreadable: string[] = [];
  const groups = new Map<string, Message<T>[]>();
  for (const record of Records) {
    const message = read(record, schema);
    if (message === undefined) unreadable.push(record.messageId);
    else groups.set(groupOf(message), [...(groups.get(groupOf(message)) ?? []), message]);
  }
  const again = await Promise.all([...groups].map(([name, group]) => attempt(name, group, serve)));
  const failed = [...again.flat().map(({ messageId }) => messageId), ...unreadable];
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

function read<T>({ body, messageId }: SQSRecord, schema: z.ZodType<T>): Message<T> | undefined {
  try {
    return { messageId, content: schema.parse(JSON.parse(body)) };
  } catch (error) {
    logger.error('a message could not be read', { messageId, error: String(error) });
    return undefined;
  }
}

async function attempt<T>(
  name: string,
  group: readonly Message<T>[],
  serve: (group: readonly Message<T>[]) => Promise<readonly Message<T>[]>,
): Promise<readonly Message<T>[]> {
  try {
    return await serve(group);
  } catch (error) {
    logger.error('messages could not be served', { group: name, error: String(error) });
    return group;
  }
}
