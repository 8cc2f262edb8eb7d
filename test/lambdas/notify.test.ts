import { beforeEach, describe, expect, it, vi } from 'vitest';
import { eventExamples } from '../../lib/events/examples.ts';

const sns = vi.hoisted(() => ({ sent: [] as { Subject: string; TopicArn: string }[], refuses: '' }));

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: { hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' } },
  variable: (name: string) => name,
}));
vi.mock('../../controls/index.ts', () => ({ controls: [] }));
vi.mock('@aws-sdk/client-sns', () => ({
  SNS: class {
    async publish(message: { Subject: string; TopicArn: string }) {
      if (sns.refuses && message.Subject.includes(sns.refuses)) throw new Error('SNS is away');
      sns.sent.push(message);
    }
  },
}));

const { handler } = await import('../../lambdas/notify/handler.ts');
const send = (...bodies: string[]) =>
  handler(
    { Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) } as never,
    { functionName: 'notify' } as never,
  );
const event = (type: string, detail: object) => JSON.stringify({ source: 'evenkeel', 'detail-type': type, detail });
const all = Object.entries(eventExamples).map(([type, detail]) => event(type, detail));

beforeEach(() => Object.assign(sns, { sent: [], refuses: '' }));

describe('Notify', () => {
  it('sends a message for each event', async () => {
    expect(await send(...all)).toEqual({ batchItemFailures: [] });
    expect(sns.sent).toHaveLength(all.length);
    expect(sns.sent[0]).toMatchObject({ TopicArn: 'EVENKEEL_TOPIC', MessageStructure: 'json' });
  });

  it('returns the messages that failed to the queue, and sends the rest', async () => {
    sns.refuses = 'Approval required';
    expect(await send(...all)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(sns.sent).toHaveLength(all.length - 1);
  });

  it.each([
    ['is not JSON', 'x'],
    ['has no notification', event('Evenkeel Other', {})],
    ['does not match its type', event('Evenkeel Reminder', {})],
  ])('returns to the queue a message that %s', async (_, body) => {
    expect(await send(body)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm0' }] });
    expect(sns.sent).toEqual([]);
  });
});
