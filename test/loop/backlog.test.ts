import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { Lambda } from '@aws-sdk/client-lambda';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { rolloutKey } from '../../lambdas/store/keys.ts';
import { names } from '../../lib/config/names.ts';
import type { Control } from '../../lib/model/control.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { storesOf } from '../../sandbox/inspector.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';

const { gateway } = localAws;
const place = { account: '222222222222', region: 'eu-west-1' };
const buckets = controlOf('s3-block-public-access');
const keys = controlOf('iam-access-key-age'); // its grace period is a few seconds in that account
const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const { table: TableName } = storesOf(localAws.deployment.outputs);
const table = DynamoDBDocument.from(new DynamoDB(root));
const because = ['--reason', 'a test of backlogs'];
let carol: Credentials;

beforeAll(async () => {
  carol = await makeUser(new URL(gateway.url), hub.account, freshName('carol'), ['execute-api:Invoke']);
});

const sweep = async (payload: object) => {
  const { Payload, FunctionError } = await new Lambda(root).invoke({
    FunctionName: names.hubFunction('sweep'),
    Payload: Buffer.from(JSON.stringify(payload)),
  });
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
};
const scan = ({ id }: Control, { target: { account, region } }: Prepared) =>
  sweep({ sweep: freshName('s'), controls: [id], account, region });
const fresh = (control = buckets) => prepare(localAws, control, place, freshName('backlog'));
const release = [buckets.id, place.account] as const;

describe('existing violations of a newly enforced control', () => {
  it('form a backlog that is notified and repaired after one release; new violations are repaired at once', async () => {
    const [one, other, third] = [await fresh(), await fresh(), await fresh()];
    await inspector.quiet();
    await gateway.setTrail({ lost: true });
    const since = await one.break();
    await other.break();
    await gateway.settled();
    await gateway.setTrail({});
    await table.delete({ TableName, Key: rolloutKey(...release) }); // as if the control had only observed until now
    await scan(buckets, one);
    for (const { id } of [one, other]) {
      const row = await inspector.settled(buckets.id, id, since, 90);
      expect(row.conclusion).toMatchObject({
        outcome: 'held',
        because: expect.arrayContaining([expect.objectContaining({ code: 'backlog' })]),
      });
      expect((await inspector.records(row)).map(({ phase, outcome }) => outcome ?? phase)).toEqual(['plan', 'held']);
    }
    expect(await sweep({ notify: true })).toMatchObject({ notified: expect.any(Number) });
    expect((await breakAndWait(inspector, third, 90)).row.conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await liveVerdict(one)).not.toBe('compliant');

    const listed = await evenkeel(carol, 'backlog', 'list');
    expect(listed.text).toMatch(/s3-block-public-access 222222222222 {2}\d+ resources since .*, mode auto\./);
    const shown = await evenkeel(carol, 'backlog', 'show', ...release);
    for (const { id } of [one, other]) expect(shown.text).toContain(`resource  eu-west-1 ${id}`);
    expect(shown.text).toMatch(/patch .*PublicAccessBlockConfiguration/);

    const released = await evenkeel(carol, 'backlog', 'release', ...release, ...because);
    expect(released.text).toMatch(
      /Done: released by user\/111111111111\/carol.*repairs each resource now[\s\S]*-command\.json/,
    );
    expect(released.code).toBe(0);
    await expect.poll(() => liveVerdict(one), { timeout: 60_000 }).toBe('compliant');
    await expect.poll(() => liveVerdict(other), { timeout: 60_000 }).toBe('compliant');
    expect(await evenkeel(carol, 'backlog', 'release', ...release, ...because)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/was released at .* by user\/111111111111\/carol-\S+: a test of backlogs/),
    });
  }, 240_000);
});

describe('a repair that may interrupt users', () => {
  it('is made only after the grace period in the notification', async () => {
    const prepared = await fresh(keys);
    await inspector.quiet();
    const { row } = await breakAndWait(inspector, prepared, 90);
    expect(row.conclusion).toMatchObject({ outcome: 'held', gracePeriod: { stage: 'start' } });
    const until = Date.parse(row.conclusion?.gracePeriod?.until ?? '');
    expect(await liveVerdict(prepared)).not.toBe('compliant');
    await expect
      .poll(
        async () => {
          await scan(keys, prepared);
          await inspector.quiet(90);
          return liveVerdict(prepared);
        },
        { timeout: 120_000, interval: 2000 },
      )
      .toBe('compliant');
    const repaired = (await inspector.executions(keys.id, prepared.id)).find(
      ({ conclusion }) => conclusion?.outcome === 'repaired',
    );
    expect(Date.parse(repaired?.admittedAt ?? '')).toBeGreaterThanOrEqual(until);
    const { Item } = await table.get({
      TableName,
      Key: { pk: `grace-period#${keys.id}#222222222222#us-east-1#${prepared.id}` },
    });
    expect(Item).toBeUndefined();
  }, 240_000);
});
