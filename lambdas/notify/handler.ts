import { SNS } from '@aws-sdk/client-sns';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { z } from 'zod';
import type { Events } from '../../lib/events/events.ts';
import { hasNotification, notificationOf } from '../../lib/notifications/index.ts';
import { messageOf } from '../../lib/notifications/message.ts';
import type { NotificationContext } from '../../lib/notifications/notification.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings, variable } from '../runtime/environment.ts';
import { type Message, serveGroups } from '../runtime/queue.ts';
import { step } from '../runtime/step.ts';

const sns = new SNS({});

const context: NotificationContext = {
  hub: settings.hub,
  vault: variable('EVENKEEL_VAULT'),
  titleOf: (control) => controlOf(control)?.title ?? control,
};

/** An event of the outcome bus, as EventBridge sends it to the queue. Only the hub may publish to that bus. */
const busEvent = z.object({
  'detail-type': z.string().refine(hasNotification, 'has no notification'),
  detail: z.custom<Events[keyof Events]>(),
});

/** Sends a notification for each event of the outcome bus. Messages that fail stay in the queue. */
const notify = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, busEvent, ({ messageId }) => messageId, notifyAll);

async function notifyAll(messages: readonly Message<z.output<typeof busEvent>>[]): Promise<readonly []> {
  for (const { content } of messages) {
    const { 'detail-type': type, detail } = content;
    const notification = notificationOf(type, detail, context);
    await sns.publish({ TopicArn: variable('EVENKEEL_TOPIC'), ...messageOf(notification, type, detail) });
  }
  return [];
}

/** Lambda's entry. */
export const handler = step('notify', notify);
