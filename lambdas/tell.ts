import { SNS } from '@aws-sdk/client-sns';
import type { EventBridgeEvent, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { controls } from '../controls/index.ts';
import { isTold, noticeOf } from '../lib/notices/index.ts';
import { messageOf } from '../lib/notices/message.ts';
import type { Around } from '../lib/notices/notice.ts';
import type { Events } from '../lib/outcome.ts';
import { settings, variable } from './shared/environment.ts';
import { logger, step } from './shared/step.ts';

const sns = new SNS({});

const around: Around = {
  hub: settings.hub,
  vault: variable('EVENKEEL_VAULT'),
  titleOf: (control) => controls.find(({ id }) => id === control)?.title ?? control,
};

type Told = EventBridgeEvent<keyof Events, Events[keyof Events]>;

/** Tells people of what came over the outcome bus; what cannot be told stays in the queue, and the rest is told. */
async function tell({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed: string[] = [];
  for (const record of Records) {
    try {
      await tellOne(record);
    } catch (error) {
      logger.error('a notice could not be sent', { error: String(error) });
      failed.push(record.messageId);
    }
  }
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}

async function tellOne({ body }: SQSRecord): Promise<void> {
  const { 'detail-type': type, detail } = JSON.parse(body) as Told; // only the hub may write on that bus
  if (!isTold(type)) throw new Error(`"${type}" is no event that people are told of.`);
  const notice = noticeOf(type, detail, around);
  await sns.publish({ TopicArn: variable('EVENKEEL_TOPIC'), ...messageOf(notice, type, detail) });
}

/** Lambda's entry. */
export const handler = step('tell', tell);
