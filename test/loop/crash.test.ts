import { Lambda } from '@aws-sdk/client-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { FINISH_COMMANDS } from '../../lib/events/api.ts';
import { functionNames } from '../../lib/stacks/functions.ts';
import { governed, hub, rootOf } from '../../sandbox/accounts.ts';
import type { Row } from '../../sandbox/inspector.ts';
import { prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { controlOf, freshName, inspector, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';

const { gateway } = localAws;
const control = controlOf('s3-block-public-access');
const ATTEMPTS_OF_THE_SDK = 3;

/** The callers in one repair: the hub's functions, and the two sessions that they assume. */
const CALLERS = [
  ...functionNames.map((step) => `arn:aws:sts::\\d+:assumed-role/${names.hubFunction(step)}/.*`),
  `arn:aws:sts::\\d+:assumed-role/${names.observerRole}/.*`,
  `arn:aws:sts::\\d+:assumed-role/${names.repairRole(control.id)}/.*`,
].join('|');

/** Every call of one undisturbed repair: service, action and the number of the call with this action. */
const CALLS = [
  ['dynamodb', 'TransactWriteItems', 1], // admit
  ['dynamodb', 'GetItem', 1], // plan
  ['sts', 'AssumeRole', 1],
  ['s3', 'GetPublicAccessBlock', 1],
  ['cloudformation', 'DescribeStackResources', 1],
  ['dynamodb', 'UpdateItem', 1],
  ['s3', 'PutObject', 1],
  ['dynamodb', 'UpdateItem', 2], // repair
  ['s3', 'HeadObject', 1],
  ['sts', 'AssumeRole', 2],
  ['s3', 'GetPublicAccessBlock', 2],
  ['s3', 'PutPublicAccessBlock', 1],
  ['dynamodb', 'GetItem', 2],
  ['s3', 'GetPublicAccessBlock', 3],
  ['dynamodb', 'UpdateItem', 3],
  ['s3', 'PutObject', 2],
  ['dynamodb', 'GetItem', 3], // settle
  ['dynamodb', 'TransactWriteItems', 2],
  ['events', 'PutEvents', 1],
] as const;

afterEach(async () => {
  await gateway.clearFaults();
  await inspector.quiet(120);
});

describe.each(['before', 'after'] as const)('a crash %s the effect of', (when) => {
  it.each(CALLS)('%s %s, call %i, loses no event and no record', async (service, action, nth) => {
    const prepared = await prepare(localAws, control, governed[0] ?? hub, freshName('crash'));
    await inspector.quiet();
    await gateway.clearCalls();
    await gateway.inject({ service, action, arn: CALLERS, kind: 'drop', when, nth, times: ATTEMPTS_OF_THE_SDK });
    const since = await prepared.break();
    await inspector.settled(control.id, prepared.id, since, 90);
    await inspector.quiet(120);
    const [fault] = await gateway.faults();
    expect(fault?.struck).toBeGreaterThan(0);

    // Every event has one outcome, one of them is the repair, and the lock is free.
    const rows = (await inspector.executions(control.id, prepared.id)).filter(
      ({ admittedAt }) => new Date(admittedAt) >= since,
    );
    expect(rows.map(({ phase }) => phase)).toEqual(rows.map(() => 'settled'));
    expect(rows.flatMap(({ conclusion }) => conclusion?.outcome ?? [])).toContain('repaired');
    expect(await inspector.lockHeld(control.id, prepared.id)).toBe(false);
    // Every registered record is in the vault, as a chain.
    for (const row of rows) {
      const records = await inspector.records(row);
      expect(records.map(({ previous }) => previous)).toEqual(
        records.map((_, n) => row.records[n - 1]?.sha256 ?? null),
      );
    }
    // Law 1: no write before the plan is in the vault.
    const wrote = await gateway.calls({
      service: 's3',
      action: 'PutPublicAccessBlock',
      arn: `.*${names.repairRole(control.id)}/.*`,
    });
    const stored = await gateway.calls({ service: 's3', action: 'PutObject', session: names.hubFunction('plan') });
    const durable = stored.find(({ effect }) => effect)?.seq ?? Number.POSITIVE_INFINITY;
    for (const { seq } of wrote) expect(seq).toBeGreaterThan(durable);
  });
});

describe('an operator command whose function dies before it writes its record', () => {
  const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
  const last = async () => (await inspector.executions('*', '*')).at(-1);

  it('takes effect, and the scheduled run writes its record', async () => {
    const dave = await makeUser(new URL(gateway.url), hub.account, freshName('dave'), ['execute-api:Invoke']);
    const crash = { arn: `.*:assumed-role/${names.hubFunction('command')}/.*`, kind: 'drop', when: 'before' } as const;
    await gateway.inject({ service: 's3', action: 'PutObject', ...crash, times: ATTEMPTS_OF_THE_SDK });
    try {
      expect((await evenkeel(dave, 'halt', '--reason', 'a test of crashes')).code).toBe(2);
      const halt = await last();
      await expect(inspector.records(halt as Row)).rejects.toThrow(expect.objectContaining({ name: 'NoSuchKey' }));
      await gateway.clearFaults();
      // As the schedule invokes it.
      const Payload = JSON.stringify({ routeKey: FINISH_COMMANDS });
      const { FunctionError } = await new Lambda(root).invoke({ FunctionName: names.hubFunction('command'), Payload });
      expect(FunctionError).toBeUndefined();
      expect(await inspector.records(halt as Row)).toMatchObject([{ phase: 'command', command: { kind: 'halt' } }]);
    } finally {
      expect(await evenkeel(dave, 'resume', '--reason', 'a test of crashes')).toMatchObject({ code: 0 });
    }
  });
});
