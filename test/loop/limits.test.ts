import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import config from '../../sandbox/config.ts';
import { breakAndWait, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { controlOf, freshName, inspector, localAws } from './local-aws.ts';
import { asking, evenkeel } from './personas.ts';

const { gateway } = localAws;
const buckets = controlOf('s3-block-public-access');
const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const table = DynamoDBDocument.from(new DynamoDB(root));
const TableName = localAws.deployment.outputs['evenkeel-hub']?.StateTable ?? '';
const because = ['--reason', 'a test of limits'];
let dave: Credentials;
let erin: Credentials;

beforeAll(async () => {
  dave = await makeUser(new URL(gateway.url), hub.account, freshName('dave'), ['execute-api:Invoke']);
  erin = await makeUser(new URL(gateway.url), hub.account, freshName('erin'), ['execute-api:Invoke']);
});

async function bucket() {
  const prepared = await prepare(localAws, buckets, hub, freshName('limit'));
  await inspector.quiet();
  return prepared;
}

/** Sends this many failures to the function that counts them, as the queue does. */
async function fail(times: number): Promise<void> {
  const body = (execution: string) =>
    JSON.stringify({
      time: new Date().toISOString(),
      detail: { execution, outcome: 'escalated', target: { account: hub.account } },
    });
  const Records = Array.from({ length: times }, (_, index) => ({ messageId: `${index}`, body: body(freshName('f')) }));
  await new Lambda(root).invoke({
    FunctionName: names.hubFunction('circuit-breaker'),
    Payload: Buffer.from(JSON.stringify({ Records })),
  });
}

describe("an account's circuit breaker", () => {
  it('requires approval of repairs until a person releases the account', async () => {
    const prepared = await bucket();
    await fail(1 + (config.circuitBreaker?.failures ?? 0));
    const since = new Date();
    await prepared.break();
    const waiting = await asking(buckets.id, prepared.id, since);
    expect(await evenkeel(dave, 'approve', waiting.execution, ...because)).toMatchObject({ code: 0 });
    const row = await inspector.settled(buckets.id, prepared.id, since, 90);
    expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
    const records = await inspector.records(row);
    expect(records.map(({ phase, mode }) => `${phase} ${mode}`)).toEqual([
      'plan auto',
      'decision approve',
      'repair approve',
    ]);

    const released = await evenkeel(erin, 'release', hub.account, ...because);
    expect(released).toMatchObject({
      code: 0,
      text: expect.stringMatching(/Done: released by .*erin.*-command\.json/s),
    });
    expect((await breakAndWait(inspector, prepared, 90)).row.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await evenkeel(erin, 'release', hub.account, ...because)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/is not open/),
    });
  });
});

describe('an account at its concurrency limit', () => {
  it('delays events, loses none, and returns every permit', async () => {
    const prepared = await bucket();
    const permit = (index: number) => ({ pk: `permit#${hub.account}#${index}` });
    const all = Array.from({ length: 25 }, (_, index) => index);
    const leaseUntil = Date.now() + 10 * 60_000;
    for (const index of all) await table.put({ TableName, Item: { ...permit(index), holder: 'a test', leaseUntil } });
    const since = new Date();
    await prepared.break();
    await expect(inspector.settled(buckets.id, prepared.id, since, 10)).rejects.toThrow();
    for (const index of all) await table.delete({ TableName, Key: permit(index) });
    expect((await inspector.settled(buckets.id, prepared.id, since, 90)).conclusion).toMatchObject({
      outcome: 'repaired',
    });
    await inspector.quiet(90);
    const { Responses } = await table.batchGet({ RequestItems: { [TableName]: { Keys: all.map(permit) } } });
    expect(Responses?.[TableName]).toEqual([]);
  });
});
