import { EventBridge } from '@aws-sdk/client-eventbridge';
import type { Events } from '../../lib/events/events.ts';
import { variable } from './environment.ts';

const bus = new EventBridge({});

/** Publishes an event on the outcome bus, to which only the hub may write. */
export async function publish<Type extends keyof Events>(DetailType: Type, detail: Events[Type]): Promise<void> {
  const { FailedEntryCount } = await bus.putEvents({
    Entries: [
      { EventBusName: variable('EVENKEEL_OUTCOMES'), Source: 'evenkeel', DetailType, Detail: JSON.stringify(detail) },
    ],
  });
  if (FailedEntryCount) throw new Error(`An event of type ${DetailType} could not be published. Retry.`);
}
