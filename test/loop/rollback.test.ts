import { randomUUID } from 'node:crypto';
import { SFN } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import type { ScanForecast } from '../../lib/governance/forecast.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import type { Row } from '../../sandbox/inspector.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';
import { evenkeel } from './personas.ts';

const { gateway } = localAws;
const buckets = controlOf('s3-block-public-access'); // its mode is auto in that account
const because = ['--reason', 'a test of rollbacks'];
const user = (name: string) => `user/${hub.account}/${name}`;
let identities: { readonly [name in 'alice' | 'bob']: Credentials };

beforeAll(async () => {
  const url = new URL(gateway.url);
  const may = ['execute-api:Invoke'];
  identities = {
    alice: await makeUser(url, hub.account, freshName('alice'), may),
    bob: await makeUser(url, hub.account, freshName('bob'), may),
  };
});

async function repaired(): Promise<{ prepared: Prepared; row: Row }> {
  const prepared = await prepare(localAws, buckets, hub, freshName('undo'));
  await inspector.quiet();
  const { row } = await breakAndWait(inspector, prepared, 90);
  expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
  await inspector.quiet(90);
  return { prepared, row };
}

/** Requests a rollback, and returns when it waits for approval. */
async function requested({ row }: { row: Row }): Promise<Row> {
  const { code, text } = await evenkeel(identities.alice, 'rollback', row.execution, ...because, '--hold-days', '7');
  expect(text).toMatch(/Done: rollback requested by .*evidence\/.*-command\.json/s);
  expect(code).toBe(0);
  const [, started = ''] = /evenkeel approve (\S+)/.exec(text) ?? [];
  await expect.poll(async () => (await now(row, started))?.phase, { timeout: 60_000 }).toBe('awaiting-approval');
  return { ...row, execution: started };
}

const now = async ({ control, target }: Row, execution: string): Promise<Row | undefined> =>
  (await inspector.executions(control, target.id)).find((one) => one.execution === execution);

async function settled(row: Row): Promise<Row> {
  await expect.poll(async () => (await now(row, row.execution))?.phase, { timeout: 60_000 }).toBe('settled');
  return (await now(row, row.execution)) ?? row;
}

describe('a rollback', () => {
  it('requested by one person and approved by another restores the state, and places a hold', async () => {
    const { prepared, row } = await repaired();
    const [, repair] = await inspector.records(row);
    const rollback = await requested({ row });

    const own = await evenkeel(identities.alice, 'approve', rollback.execution, ...because);
    expect(own).toMatchObject({ code: 1, text: expect.stringMatching(/You caused the change/) });
    const dev = localAws.developers[hub.account] as Credentials; // the actor of the violation
    const theirs = await evenkeel(dev, 'approve', rollback.execution, ...because);
    expect(theirs).toMatchObject({ code: 1, text: expect.stringMatching(/You caused the change/) });
    expect(await liveVerdict(prepared)).toBe('compliant');

    const approved = await evenkeel(identities.bob, 'approve', rollback.execution, ...because);
    expect(approved.text).toMatch(/the rollback of execution .*restores .*The rollback starts\./s);
    const after = await settled(rollback);
    expect(after.conclusion).toMatchObject({ outcome: 'rolled-back' });
    expect(await liveVerdict(prepared)).not.toBe('compliant');

    const records = await inspector.records(after);
    expect(records.map(({ phase }) => phase)).toEqual(['plan', 'decision', 'repair']);
    expect(records[2]).toMatchObject({
      outcome: 'rolled-back',
      mode: 'approve',
      rollback: { execution: row.execution, holdDays: 7 },
      before: repair?.after,
      after: repair?.before,
      verdict: { violation: expect.any(String) },
    });

    await inspector.quiet(90);
    const { row: again } = await breakAndWait(inspector, prepared, 90);
    expect(again.conclusion).toMatchObject({
      outcome: 'held',
      because: [
        expect.objectContaining({ code: 'held', until: expect.any(String) }),
        expect.objectContaining({ code: 'rollback-hold' }),
      ],
    });
    expect(await evenkeel(identities.bob, 'rollback', row.execution, ...because)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/its state is rolled-back/),
    });

    expect(await evenkeel(identities.bob, 'release', after.execution, ...because)).toMatchObject({ code: 0 });
    expect((await breakAndWait(inspector, prepared, 90)).row.conclusion).toMatchObject({ outcome: 'repaired' });
  });

  it('changes nothing if the resource has changed since the repair', async () => {
    const { prepared, row } = await repaired();
    const rollback = await requested({ row });
    await prepared.break();
    await gateway.settled();
    const { code } = await evenkeel(identities.bob, 'approve', rollback.execution, ...because);
    expect(code).toBe(0);
    const after = await settled(rollback);
    expect(after.conclusion).toMatchObject({ outcome: 'escalated', because: [{ code: 'state-changed' }] });
    await inspector.quiet(90);
    expect(await liveVerdict(prepared)).toBe('compliant'); // the violation of the meantime was repaired afterwards
  });

  it('that was not requested is ignored if the state machine is started with it', async () => {
    const { prepared, row } = await repaired();
    const { account, region, id: resource } = prepared.target;
    const event = randomUUID();
    const forged = { source: 'rollback', event, account, region, control: buckets.id, resource };
    await new SFN({ endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) }).startExecution({
      stateMachineArn: `arn:aws:states:${hub.region}:${hub.account}:stateMachine:${names.machine}`,
      input: JSON.stringify({ evenkeel: { ...forged, actor: { type: 'IAMUser', arn: user('alice') } } }),
    });
    const dropped = async () => (await inspector.dropped()).find((one) => one.event === event)?.dropped;
    await expect.poll(dropped, { timeout: 60_000 }).toMatch(/rollback was not requested/);
    expect(await liveVerdict(prepared)).toBe('compliant');
    expect((await inspector.executions(row.control, resource)).filter(({ source }) => source === 'rollback')).toEqual(
      [],
    );
  });
});

describe('a dry run', () => {
  it('shows a violation with its patch and the predicted outcome, and changes nothing', async () => {
    const prepared = await prepare(localAws, buckets, hub, freshName('dry'));
    await inspector.quiet();
    expect(await evenkeel(identities.bob, 'halt', ...because)).toMatchObject({ code: 0 }); // otherwise Evenkeel repairs it first
    try {
      await prepared.break();
      await inspector.quiet(90);
      await gateway.clearCalls();
      const { account, region } = prepared.target;
      const where = ['--control', buckets.id, '--account', account, '--region', region];
      const { code, text } = await evenkeel(identities.alice, 'plan', ...where, '--format', 'json');
      expect(code).toBe(1);
      const { places, missed } = JSON.parse(text) as { places: ScanForecast[]; missed: unknown[] };
      expect(missed).toEqual([]);
      expect(places.flatMap(({ violations }) => violations).find(({ id }) => id === prepared.id)).toMatchObject({
        violation: expect.any(String),
        patch: expect.arrayContaining([expect.objectContaining({ path: expect.any(String) })]),
        mode: 'auto',
        predictedOutcome: 'held',
        because: [expect.objectContaining({ code: 'halted' })],
      });
      const reader = `.*:assumed-role/(${names.hubFunction('dry-run')}|${names.observerRole})/.*`;
      const calls = await gateway.calls({ arn: reader });
      expect(calls.length).toBeGreaterThan(0);
      expect(calls.filter(({ action }) => !/^(Get|List|Head|Describe|BatchGet|AssumeRole$)/.test(action))).toEqual([]);
      expect(await liveVerdict(prepared)).not.toBe('compliant');

      const human = await evenkeel(identities.alice, 'plan', ...where);
      expect(human.text).toContain(prepared.id);
      expect(human.text).toMatch(
        /Nothing is changed\..*patch +.*outcome +held \(mode auto\).*violations? in \d+ resource/s,
      );
    } finally {
      expect(await evenkeel(identities.bob, 'resume', ...because)).toMatchObject({ code: 0 });
    }
  });
});
