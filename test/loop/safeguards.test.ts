import { Lambda } from '@aws-sdk/client-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';

const { gateway } = localAws;
const buckets = controlOf('s3-block-public-access');
const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const because = ['--reason', 'a test of safeguards'];
const user = (name: string) => `user/${hub.account}/${name}`;
let carol: Credentials;

beforeAll(async () => {
  carol = await makeUser(new URL(gateway.url), hub.account, freshName('carol'), ['execute-api:Invoke']);
});

const fresh = async (): Promise<Prepared> => {
  const prepared = await prepare(localAws, buckets, hub, freshName('safeguard'));
  await inspector.quiet();
  return prepared;
};
const outcomeOf = async (prepared: Prepared) => {
  const { row } = await breakAndWait(inspector, prepared, 90);
  await inspector.quiet(90);
  return row;
};
const byRepair = {
  service: 's3',
  action: 'PutPublicAccessBlock',
  arn: `.*:assumed-role/${names.repairRole(buckets.id)}/.*`,
};

describe('a resource that keeps drifting', () => {
  it('is escalated with the actor at the fourth violation, and on hold until a person releases it', async () => {
    const prepared = await fresh();
    for (let time = 1; time <= 3; time++)
      expect((await outcomeOf(prepared)).conclusion).toMatchObject({ outcome: 'repaired' });
    const escalated = await outcomeOf(prepared);
    expect(escalated.conclusion).toMatchObject({
      outcome: 'escalated',
      reason: expect.stringMatching(/3 times within 10 minutes.*reverted by .*user\/dev.*evenkeel release/),
    });
    expect((await outcomeOf(prepared)).conclusion).toMatchObject({ outcome: 'held' });
    expect(await liveVerdict(prepared)).not.toBe('compliant');

    const { code, text } = await evenkeel(carol, 'release', escalated.execution, ...because);
    expect(text).toMatch(new RegExp(`Done: released by ${user('carol')}`));
    expect(code).toBe(0);
    expect((await outcomeOf(prepared)).conclusion).toMatchObject({ outcome: 'repaired' });
    expect(await evenkeel(carol, 'release', escalated.execution, ...because)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/is not on hold for/),
    });
  });
});

describe('a halt', () => {
  it('stops every repair until repairs resume, and both commands are in the evidence', async () => {
    const prepared = await fresh();
    const halted = await evenkeel(carol, 'halt', ...because);
    expect(halted).toMatchObject({ code: 0, text: expect.stringMatching(/evidence {2}evidence\/.*-command\.json/) });
    try {
      await gateway.clearCalls();
      const row = await outcomeOf(prepared);
      expect(row.conclusion).toMatchObject({
        outcome: 'held',
        because: [expect.objectContaining({ code: 'halted', by: expect.stringMatching(/\/carol-\S+$/) })],
      });
      expect((await inspector.records(row)).map(({ phase, outcome }) => outcome ?? phase)).toEqual(['plan', 'held']);
      expect(await gateway.calls(byRepair)).toEqual([]);
      expect((await evenkeel(carol, 'halt', ...because)).text).toMatch(/already halted/);
    } finally {
      expect(await evenkeel(carol, 'resume', ...because)).toMatchObject({ code: 0 });
    }
    const since = new Date();
    const { account, region } = prepared.target;
    await new Lambda(root).invoke({
      FunctionName: names.hubFunction('sweep'),
      Payload: Buffer.from(JSON.stringify({ sweep: freshName('s'), controls: [buckets.id], account, region })),
    });
    expect((await inspector.settled(buckets.id, prepared.id, since, 90)).conclusion).toMatchObject({
      outcome: 'repaired',
    });
  });
});
