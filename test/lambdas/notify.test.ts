import { beforeEach, describe, expect, it } from 'vitest';
import { eventExamples } from '../../lib/events/examples.ts';
import { awsError } from './fake-aws.ts';
import { hub } from './hub.ts';

interface Sent {
  readonly Subject: string;
  readonly TopicArn: string;
  readonly MessageStructure: string;
}

const sent: Sent[] = [];
/** SNS refuses messages whose subject contains this. */
let refuses = '';

const notify = (...bodies: string[]) =>
  hub.invoke('notify', { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) } as never); // as far as they are read
const event = (type: string, detail: object) => JSON.stringify({ source: 'evenkeel', 'detail-type': type, detail });
const all = Object.entries(eventExamples).map(([type, detail]) => event(type, detail));

beforeEach(() => {
  sent.length = 0;
  refuses = '';
  hub.on('Publish', (message: Sent) => {
    if (refuses && message.Subject.includes(refuses)) throw awsError('InternalError');
    sent.push(message);
  });
});

describe('Notify', () => {
  it('sends a notification for each event', async () => {
    expect(await notify(...all)).toEqual({ batchItemFailures: [] });
    expect(sent).toHaveLength(all.length);
    expect(sent[0]).toMatchObject({ TopicArn: 'EVENKEEL_TOPIC', MessageStructure: 'json' });
  });

  it('leaves a message in the queue when its notification fails, and sends the others', async () => {
    refuses = 'Approval required';
    expect(await notify(...all)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(sent).toHaveLength(all.length - 1);
  });

  it.each([
    ['is not JSON', 'x'],
    ['has no notification', event('Evenkeel Other', {})],
    ['is not what its type says', event('Evenkeel Reminder', {})],
  ])('leaves a message in the queue that %s', async (_, body) => {
    expect(await notify(body)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(sent).toEqual([]);
  });
});
