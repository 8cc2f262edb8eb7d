import { SNS } from '@aws-sdk/client-sns';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import { isTold, noticeOf } from '../lib/notices/index.ts';
import { messageOf } from '../lib/notices/message.ts';
import type { Around } from '../lib/notices/notice.ts';
import type { Events } from '../lib/outcome.ts';
import { controlOf } from './shared/catalogue.ts';
import { settings, variable } from './shared/environment.ts';
import { type Message, serveGroups } from './shared/queue.ts';
import { step } from './shared/step.ts';

const sns = new SNS({});

const around: Around = {
  hub: settings.hub,
  vault: variable('EVENKEEL_VAULT'),
  titleOf: (control) => controlOf(control)?.title ?? control,
};

/** An event of the outcome bus, as EventBridge puts it into the queue; only the hub may write on that bus. */
const told = z.object({
  'detail-type': z.string().refine(isTold, 'is no event that people are told of'),
  detail: z.custom<Events[keyof Events]>(),
});

/** Tells people of what came over the outcome bus, each by itself; what cannot be told stays in the queue. */
const tell = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, told, ({ messageId }) => messageId, tellAll);

async function tellAll(messages: readonly Message<z.output<typeof told>>[]): Promise<readonly []> {
  for (const { said } of messages) {
    const { 'detail-type': type, detail } = said;
    const notice = noticeOf(type, detail, around);
    await sns.publish({ TopicArn: variable('EVENKEEL_TOPIC'), ...messageOf(notice, type, detail) });
  }
  return [];
}

/** Lambda's entry. */
export const handler = step('tell', tell);
