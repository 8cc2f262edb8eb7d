import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { KMS } from '@aws-sdk/client-kms';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FaultKind } from '../../sandbox/gateway/faults.ts';
import { alice, type GatewaySetup, startGatewayOnFakes } from './fake-emulators.ts';

let setup: GatewaySetup;
let policies: string[];

beforeEach(async () => {
  policies = ['{"before":true}'];
  setup = await startGatewayOnFakes({
    ministack: ({ method, path, body }) => {
      if (!path.includes('policy')) return undefined;
      if (method === 'PUT') policies.push(body);
      return { body: policies.at(-1) };
    },
  });
});
afterEach(() => setup.stop());

const put = () => new S3(alice(setup)).putBucketPolicy({ Bucket: 'b', Policy: '{"after":true}' });
const read = async () => (await new S3(alice(setup)).getBucketPolicy({ Bucket: 'b' })).Policy;

describe('a fault has the error of its service', () => {
  const errors: [FaultKind, string[]][] = [
    ['throttle', ['SlowDown', 'RequestLimitExceeded', 'Throttling', 'ThrottlingException', 'TooManyRequestsException']],
    [
      'denied',
      ['AccessDenied', 'UnauthorizedOperation', 'AccessDenied', 'AccessDeniedException', 'AccessDeniedException'],
    ],
    ['500', ['InternalError', 'InternalError', 'ServiceFailureException', 'KMSInternalException', 'ServiceException']],
  ];
  it.each(errors)('%s', async (kind, names) => {
    await setup.gateway.inject({ kind, times: 0 });
    const settings = alice(setup);
    const seen = await Promise.all(
      [
        new S3(settings).listBuckets({}),
        new EC2(settings).describeVpcs({}),
        new IAM(settings).listUsers({}),
        new KMS(settings).listKeys({}),
        new Lambda(settings).listFunctions({}),
      ].map((call) => nameOfError(call)),
    );
    expect(seen).toEqual(names);
    expect(setup.ministack).toHaveLength(0);
    expect(setup.moto).toHaveLength(0);
  });

  it('has another code on request', async () => {
    await setup.gateway.inject({ kind: '500', code: 'QueueDoesNotExist' });
    expect(await nameOfError(new SQS(alice(setup)).listQueues({}))).toBe('QueueDoesNotExist');
  });
});

describe('faults before and after the effect', () => {
  it('before: the call does not reach the service', async () => {
    await setup.gateway.inject({ kind: 'drop', service: 's3', action: 'PutBucketPolicy' });
    await expect(put()).rejects.toThrow();
    expect(await read()).toBe('{"before":true}');
    const [call] = await setup.gateway.calls({ action: 'PutBucketPolicy' });
    expect(call).toMatchObject({ status: 0, fault: 'drop', effect: false });
  });

  it.each(['drop', '500', 'throttle'] as const)(
    '%s after: the call has its effect, and the caller gets an error',
    async (kind) => {
      await setup.gateway.inject({ kind, when: 'after', action: 'PutBucketPolicy' });
      await expect(put()).rejects.toThrow();
      expect(await read()).toBe('{"after":true}');
      const [call] = await setup.gateway.calls({ action: 'PutBucketPolicy' });
      expect(call).toMatchObject({ fault: `${kind} after the effect`, effect: true });
      await setup.gateway.settled();
      expect(setup.events.map(({ detail }) => [detail.eventName, detail.errorCode])).toEqual([
        ['PutBucketPolicy', undefined],
      ]);
    },
  );

  it('time-out: the caller waits until the connection is cut', async () => {
    await setup.gateway.inject({ kind: 'timeout', seconds: 0.2, action: 'PutBucketPolicy' });
    const started = Date.now();
    await expect(put()).rejects.toThrow();
    expect(Date.now() - started).toBeGreaterThanOrEqual(190);
    expect(await read()).toBe('{"before":true}');
  });
});

describe('the selection of calls', () => {
  it('is by session, from the nth call, a number of times', async () => {
    await setup.gateway.inject({ kind: 'denied', session: 'mallory', times: 0 });
    await setup.gateway.inject({ kind: 'throttle', session: 'ali.*', nth: 2, times: 2 });
    const seen = [];
    for (let n = 0; n < 4; n++) seen.push(await nameOfError(read()));
    expect(seen).toEqual(['none', 'SlowDown', 'SlowDown', 'none']);
    const states = await setup.gateway.faults();
    expect(states.map(({ seen, struck }) => [seen, struck])).toEqual([
      [0, 0],
      [4, 2],
    ]);
  });

  it('refuses an unknown kind of fault', async () => {
    // @ts-expect-error: what comes over HTTP has no type
    await expect(setup.gateway.inject({ kind: 'flood' })).rejects.toThrow(
      /Unknown fault "flood"\. Available: throttle/,
    );
  });
});

describe('a stale read', () => {
  it('returns the previous answer of the same read, a number of times', async () => {
    await read();
    await setup.gateway.inject({ kind: 'stale', action: 'GetBucketPolicy', times: 2 });
    await put();
    expect([await read(), await read(), await read()]).toEqual([
      '{"before":true}',
      '{"before":true}',
      '{"after":true}',
    ]);
    const reads = await setup.gateway.calls({ action: 'GetBucketPolicy' });
    expect(reads.map(({ fault }) => fault)).toEqual([undefined, 'stale', 'stale', undefined]);
  });

  it('starts after the write that arms it', async () => {
    await setup.gateway.inject({ kind: 'stale', action: 'GetBucketPolicy', armedBy: { action: 'PutBucketPolicy' } });
    expect([await read(), await read()]).toEqual(['{"before":true}', '{"before":true}']);
    await put();
    expect([await read(), await read()]).toEqual(['{"before":true}', '{"after":true}']);
  });

  it('does not affect another bucket', async () => {
    await read();
    await setup.gateway.inject({ kind: 'stale' });
    await put();
    expect((await new S3(alice(setup)).getBucketPolicy({ Bucket: 'c' })).Policy).toBe('{"after":true}');
    expect(await read()).toBe('{"before":true}');
  });
});

async function nameOfError(call: Promise<unknown>): Promise<string> {
  return call.then(
    () => 'none',
    (error: Error) => error.name,
  );
}
