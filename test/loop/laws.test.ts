import { Lambda } from '@aws-sdk/client-lambda';
import { SFN } from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { governed, hub, rootOf } from '../../sandbox/accounts.ts';
import { costOf } from '../../sandbox/cost.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';

const { gateway } = localAws;
const root = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const place = governed[0] ?? hub;
const bucketControl = controlOf('s3-block-public-access');
const WRITE = {
  service: 's3',
  action: 'PutPublicAccessBlock',
  arn: `.*:assumed-role/${names.repairRole(bucketControl.id)}/.*`,
};
const READ = { ...WRITE, action: 'GetPublicAccessBlock' };

const freshBucket = async (): Promise<Prepared> => {
  const prepared = await prepare(localAws, bucketControl, place, freshName('law'));
  await inspector.quiet();
  await gateway.clearCalls();
  return prepared;
};
const writes = async () => (await gateway.calls(WRITE)).filter(({ effect }) => effect).length;
const outcomeOf = async (prepared: Prepared) => (await breakAndWait(inspector, prepared, 90)).row.conclusion;

afterEach(async () => {
  await gateway.clearFaults();
  await gateway.setTrail({});
  await inspector.quiet(90);
});

describe('an event', () => {
  it('that is delivered twice is repaired once', async () => {
    const prepared = await freshBucket();
    await gateway.setTrail({ duplicate: 1 });
    expect(await outcomeOf(prepared)).toMatchObject({ outcome: 'repaired' });
    await inspector.quiet();
    expect(await writes()).toBe(1);
  });

  it('that arrives during a repair is not lost', async () => {
    const prepared = await freshBucket();
    const since = new Date();
    for (let turn = 0; turn < 5; turn++) await prepared.break();
    await inspector.settled(bucketControl.id, prepared.id, since);
    await inspector.quiet(90);
    const rows = (await inspector.executions(bucketControl.id, prepared.id)).filter(
      ({ admittedAt }) => Date.parse(admittedAt) >= since.getTime(),
    );
    expect(rows.length).toBeGreaterThanOrEqual(5);
    for (const { phase, conclusion, dropped } of rows) {
      expect(phase).toBe('settled');
      expect([conclusion?.outcome, dropped !== undefined]).toEqual(
        dropped ? [undefined, true] : [expect.any(String), false],
      );
    }
    expect(await liveVerdict(prepared)).toBe('compliant');
  });

  it('that arrives after the last read of a repair gets a successor', async () => {
    const prepared = await freshBucket();
    const closing = { service: 'dynamodb', action: 'UpdateItem', session: names.hubFunction('repair') };
    await gateway.inject({ ...closing, kind: 'timeout', seconds: 2, nth: 2 });
    const since = await prepared.break();
    await expect.poll(async () => (await gateway.calls(closing)).length, { timeout: 20_000, interval: 50 }).toBe(2);
    await prepared.break();
    await inspector.quiet(90);
    const rows = (await inspector.executions(bucketControl.id, prepared.id)).filter(
      ({ admittedAt }) => new Date(admittedAt) >= since,
    );
    const first = rows.find(({ successor }) => successor);
    expect(rows.map(({ dropped }) => dropped)).toContain(`Execution ${first?.execution} handles this event.`);
    expect(rows.find(({ execution }) => execution === first?.successor)?.conclusion).toMatchObject({
      outcome: 'repaired',
    });
    expect(await liveVerdict(prepared)).toBe('compliant');
  });

  it('about a compliant resource changes nothing and is recorded', async () => {
    const prepared = await freshBucket();
    const since = new Date();
    await complianceChange(prepared.id);
    const row = await inspector.settled(bucketControl.id, prepared.id, since);
    expect(row.conclusion).toMatchObject({ outcome: 'compliant' });
    expect((await inspector.records(row)).map(({ phase, outcome }) => [phase, outcome])).toEqual([
      ['outcome', 'compliant'],
    ]);
    expect(await writes()).toBe(0);
  });

  it('about a resource that does not exist changes nothing and is recorded', async () => {
    const since = new Date();
    const id = freshName('nowhere');
    await complianceChange(id);
    expect((await inspector.settled(bucketControl.id, id, since)).conclusion).toMatchObject({ outcome: 'gone' });
  });

  it.each([
    ['a malformed event', { id: 'x', detail: { eventName: 7 } }, /^The event is malformed: /],
    ['an event of an unknown control', event(compliance('evenkeel-nothing', 'x')), /^Unknown control "nothing"\.$/],
    [
      'an event of an account that is not governed',
      event(compliance(names.configRule(bucketControl.id), 'x'), '999999999999'),
      /is not governed\.$/,
    ],
  ])('%s ends in a recorded reason', async (_, input, reason) => {
    const machine = `arn:aws:states:${hub.region}:${hub.account}:stateMachine:${names.machine}`;
    const { executionArn } = await new SFN(root).startExecution({
      stateMachineArn: machine,
      input: JSON.stringify(input),
    });
    await inspector.quiet();
    const found = (await inspector.dropped()).find((row) => row.machine === executionArn);
    expect(found?.dropped).toMatch(reason);
  });
});

function event({ detailType, ...rest }: ReturnType<typeof compliance>, account = place.account) {
  return { id: freshName('event'), account, region: place.region, 'detail-type': detailType, ...rest };
}
function compliance(configRuleName: string, resourceId: string) {
  return {
    source: 'aws.config',
    detailType: 'Config Rules Compliance Change',
    detail: {
      configRuleName,
      resourceId,
      resourceType: bucketControl.resource,
      awsRegion: place.region,
      awsAccountId: place.account,
      messageType: 'ComplianceChangeNotification',
      newEvaluationResult: { complianceType: 'NON_COMPLIANT' },
    },
  };
}
const complianceChange = (id: string) =>
  gateway.emit({ ...place, resources: [], ...compliance(names.configRule(bucketControl.id), id) });

describe('a repair', () => {
  it('waits until the read shows the new state, however late that is', async () => {
    const prepared = await freshBucket();
    await gateway.inject({ ...READ, kind: 'stale', armedBy: WRITE, times: 2 });
    expect(await outcomeOf(prepared)).toMatchObject({ outcome: 'repaired' });
    expect((await gateway.calls(READ)).filter(({ fault }) => fault === 'stale')).toHaveLength(2);
  });

  it('whose new state is never read back is escalated with the state that remains', async () => {
    const prepared = await freshBucket();
    await gateway.inject({ ...READ, kind: 'stale', armedBy: WRITE, times: 0 });
    const { row, records } = await breakAndWait(inspector, prepared, 120);
    expect(row.conclusion).toMatchObject({
      outcome: 'escalated',
      because: expect.arrayContaining([{ code: 'still-in-violation' }]),
    });
    expect(records.at(-1)).toMatchObject({
      phase: 'repair',
      outcome: 'escalated',
      verdict: { violation: expect.any(String) },
    });
  });

  it('retries when AWS throttles it', async () => {
    const prepared = await freshBucket();
    await gateway.inject({ ...WRITE, kind: 'throttle', times: 4 });
    expect(await outcomeOf(prepared)).toMatchObject({ outcome: 'repaired' });
  });

  it('that is denied changes nothing, escalates, and releases the lock', async () => {
    const prepared = await freshBucket();
    await gateway.inject({ ...WRITE, kind: 'denied', times: 0 });
    expect(await outcomeOf(prepared)).toMatchObject({
      outcome: 'escalated',
      reason: expect.stringMatching(/AccessDenied/),
    });
    expect(await writes()).toBe(0);
    await inspector.quiet();
    await gateway.clearFaults();
    expect(await outcomeOf(prepared)).toMatchObject({ outcome: 'repaired' });
  });

  it('whose connection breaks after the write took effect is repaired', async () => {
    const prepared = await freshBucket();
    await gateway.inject({ ...WRITE, kind: 'drop', when: 'after', times: 3 });
    expect(await outcomeOf(prepared)).toMatchObject({ outcome: 'repaired' });
  });

  it('is recognised as our own call in CloudTrail', async () => {
    const prepared = await freshBucket();
    expect(await outcomeOf(prepared)).toMatchObject({ outcome: 'repaired' });
    await inspector.quiet();
    const own = (await inspector.dropped()).filter(
      ({ dropped, control }) => dropped === 'A repair by Evenkeel made the call.' && control === bucketControl.id,
    );
    expect(own.length).toBeGreaterThan(0);
  });
});

it('a repair costs at most 6 transitions, 4 invocations and 16 calls beyond those of the control', async () => {
  // AWS Config runs this control's rule on a schedule only, so no second event adds calls.
  const control = controlOf('kms-key-rotation');
  const prepared = await prepare(localAws, control, place, freshName('cost'));
  await inspector.quiet();
  await gateway.clearCalls();
  const { row } = await breakAndWait(inspector, prepared);
  const cost = await costOf(localAws, control, row);
  expect(cost.transitions).toBeLessThanOrEqual(6);
  expect(cost.invocations).toBeLessThanOrEqual(4);
  expect(cost.engineCalls).toBeLessThanOrEqual(16);
  expect(Math.min(...Object.values(cost))).toBeGreaterThan(0);
});

describe('a forged request', () => {
  it('to Repair without a plan in the vault changes nothing', async () => {
    const prepared = await freshBucket();
    const forged = {
      execution: 'a7b5c3d1-0000-8000-8000-000000000000',
      target: prepared.target,
      desired: {},
      patch: [],
    };
    const { FunctionError, Payload } = await new Lambda(root).invoke({
      FunctionName: names.hubFunction('repair'),
      Payload: JSON.stringify(forged),
    });
    expect(FunctionError).toBeDefined();
    expect(Buffer.from(Payload ?? []).toString()).toContain('Nothing was changed');
    expect(await gateway.calls(WRITE)).toEqual([]);
  });

  it('by a repair role without an execution is treated as a foreign call', async () => {
    const prepared = await freshBucket();
    const since = new Date();
    const arn = `arn:aws:sts::${place.account}:assumed-role/${names.repairRole(bucketControl.id)}/stranger`;
    await gateway.emit({
      ...place,
      source: 'aws.s3',
      resources: [],
      detailType: 'AWS API Call via CloudTrail',
      detail: {
        eventSource: 's3.amazonaws.com',
        eventName: 'PutBucketPublicAccessBlock',
        userIdentity: { type: 'AssumedRole', arn },
        requestParameters: { bucketName: prepared.id },
      },
    });
    expect((await inspector.settled(bucketControl.id, prepared.id, since)).conclusion).toMatchObject({
      outcome: 'compliant',
    });
  });
});
