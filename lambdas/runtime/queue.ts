import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { z } from 'zod';
import { logger } from './step.ts';

/** A message of a queue, as far as it was understood. */
export interface Message<T> {
  readonly messageId: string;
  readonly said: T;
}

/**
 * Serves messages group by group; `serve` answers those that must come again. What cannot be read goes the way of all
 * that fails, to the dead letters, and takes nothing else with it; nor does a group that fails.
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
    return { messageId, said: schema.parse(JSON.parse(body)) };
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
