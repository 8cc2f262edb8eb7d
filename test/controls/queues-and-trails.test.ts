import { describe, expect, it, vi } from 'vitest';
import { cloudtrailLogFileValidation } from '../../controls/cloudtrail/cloudtrail-log-file-validation.ts';
import { sqsEncryption } from '../../controls/sqs/sqs-encryption.ts';
import type { Clients, Target } from '../../lib/model/control.ts';

const target: Target = { account: '111122223333', region: 'eu-west-1', partition: 'aws', id: 'orders' };
const url = 'https://sqs.eu-west-1.amazonaws.com/111122223333/orders';

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('queues', () => {
  const idOf = sqsEncryption.normalizeId ?? String;

  it('are identified by name, for every spelling in events', () => {
    for (const spelling of [
      url,
      'arn:aws:sqs:eu-west-1:111122223333:orders',
      'orders',
      'http://127.0.0.1:4566/1/orders',
    ])
      expect(idOf(spelling)).toBe('orders');
    expect(idOf('https://sqs.eu-west-1.amazonaws.com/111122223333/orders.fifo')).toBe('orders.fifo');
  });

  it('are read only in the account of the target', async () => {
    const getQueueUrl = vi.fn(async () => ({ QueueUrl: url }));
    const getQueueAttributes = async () => ({
      Attributes: { SqsManagedSseEnabled: 'false', KmsMasterKeyId: 'alias/k' },
    });
    // Any other call is a defect and fails.
    const sqs = { getQueueUrl, getQueueAttributes } as unknown as Clients<'sqs'>['sqs'];
    expect(await sqsEncryption.observe.read({ sqs }, target)).toEqual({
      SqsManagedSseEnabled: false,
      KmsMasterKeyId: 'alias/k',
    });
    expect(getQueueUrl).toHaveBeenCalledWith({ QueueName: 'orders', QueueOwnerAWSAccountId: '111122223333' });
  });

  it('are written only if they differ, including a removed key', async () => {
    const setQueueAttributes = vi.fn(async () => ({}));
    const sqs = {
      getQueueUrl: async () => ({ QueueUrl: url }),
      setQueueAttributes,
    } as unknown as Clients<'sqs'>['sqs'];
    const write = sqsEncryption.repair?.write;
    const off = { SqsManagedSseEnabled: false };
    const on = { SqsManagedSseEnabled: true };
    const key = { SqsManagedSseEnabled: false, KmsMasterKeyId: 'alias/k' };
    await write?.({ sqs }, target, on, off);
    await write?.({ sqs }, target, off, on);
    await write?.({ sqs }, target, off, off);
    await write?.({ sqs }, target, on, key);
    await write?.({ sqs }, target, key, on);
    expect(setQueueAttributes.mock.calls.map(([input]: unknown[]) => input)).toEqual([
      { QueueUrl: url, Attributes: { SqsManagedSseEnabled: 'true' } },
      { QueueUrl: url, Attributes: { SqsManagedSseEnabled: 'false' } },
      { QueueUrl: url, Attributes: { SqsManagedSseEnabled: 'true', KmsMasterKeyId: '' } },
      { QueueUrl: url, Attributes: { SqsManagedSseEnabled: 'false', KmsMasterKeyId: 'alias/k' } },
    ]);
  });
});

describe('trails', () => {
  const trail = (account: string, region: string, Name: string) => ({
    Name,
    HomeRegion: region,
    TrailARN: `arn:aws:cloudtrail:${region}:${account}:trail/${Name}`,
    LogFileValidationEnabled: false,
  });
  const trailList = [
    trail('111122223333', 'us-east-1', 'everywhere'),
    trail('444455556666', 'eu-west-1', 'organization'),
    trail('111122223333', 'eu-west-1', 'orders'),
  ];
  const describeTrails = vi.fn(async () => ({ trailList }));
  const clients = { cloudtrail: { describeTrails } as unknown as Clients<'cloudtrail'>['cloudtrail'] };
  const read = (id: string) => cloudtrailLogFileValidation.observe.read(clients, { ...target, id });

  it('are evaluated only in the account and region where they can be changed', async () => {
    expect(await all(cloudtrailLogFileValidation.observe.list(clients, target))).toEqual([
      { id: 'orders', state: { EnableLogFileValidation: false } },
    ]);
    expect(describeTrails).toHaveBeenLastCalledWith({ includeShadowTrails: false });
    expect(await read('orders')).toEqual({ EnableLogFileValidation: false });
    expect(await read('everywhere')).toBeUndefined();
    expect(await read('organization')).toBeUndefined();
  });

  it('are identified by name, also if an event has the ARN', () => {
    const idOf = cloudtrailLogFileValidation.normalizeId ?? String;
    expect(trailList.map(({ TrailARN }) => idOf(TrailARN))).toEqual(['everywhere', 'organization', 'orders']);
  });
});
