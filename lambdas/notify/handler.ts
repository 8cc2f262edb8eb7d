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

const around: NotificationContext = {
  hub: settings.hub,
  vault: variable('EVENKEEL_VAULT'),
  titleOf: (control) => controlOf(control)?.title ?? control,
};

/** An event of the outcome bus, as EventBridge puts it into the queue; only the hub may write on that bus. */
const notification = z.object({
  'detail-type': z.string().refine(hasNotification, 'is no event that people are told of'),
  detail: z.custom<Events[keyof Events]>(),
});

/** Tells people of what came over the outcome bus, each by itself; what cannot be told stays in the queue. */
const tell = (event: SQSEvent): Promise<SQSBatchResponse> =>
  serveGroups(event, notification, ({ messageId }) => messageId, tellAll);

async function tellAll(messages: readonly Message<z.output<typeof notification>>[]): Promise<readonly []> {
  for (const { said } of messages) {
    const { 'detail-type': type, detail } = said;
    const notification = notificationOf(type, detail, around);
    await sns.publish({ TopicArn: variable('EVENKEEL_TOPIC'), ...messageOf(notification, type, detail) });
  }
  return [];
}

/** Lambda's entry. */
export const handler = step('notify', tell);
