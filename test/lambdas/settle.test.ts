import { beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import { exception } from '../exceptions/entries.ts';
import { failWith } from './fake-aws.ts';
import { ACCOUNT, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { E, LOCK, put, recordOf, row, seed, seedLock } from './seed.ts';
import { concluded, failure, outcome, outcomeRecord, settle } from './settle-script.ts';

const PLAN = recordOf({ at: '2026-01-01T00:00:00.000Z' });

beforeEach(() => {
  hub.deploy(new LiveResources().control());
  seedLock();
});

describe('Settle', () => {
  it('writes the last record before the next one replaces its body', async () => {
    concluded('observed');
    hub.vault.clear();
    await settle();
    expect([...hub.vault.keys()]).toEqual([PLAN.key, expect.stringMatching(/\/2-outcome\.json$/)]);
  });

  it('writes the record of a repair that Repair had no time to write', async () => {
    concluded('repaired', {}, 'repair');
    hub.vault.clear();
    await settle({ failure });
    expect(hub.records.map(({ phase }) => phase)).toEqual(['repair']);
    expect(outcome()).toMatchObject({ outcome: 'repaired' });
  });

  it('does not read the vault after a completed repair', async () => {
    concluded('repaired', {}, 'repair');
    await settle();
    expect(hub.inputs('HeadObject')).toEqual([]);
    expect(hub.inputs('PutObject')).toEqual([]);
  });

  it('releases the lock', async () => {
    concluded('repaired', { attempts: 1 }, 'repair');
    await settle();
    expect(row()).toMatchObject({ phase: 'settled' });
    expect(hub.row(LOCK)).toBeUndefined();
  });

  it('passes the lock to a successor when events arrived meanwhile, and starts it', async () => {
    concluded('repaired', {}, 'repair');
    seedLock({ pending: 1 });
    await settle();
    const { successor = '' } = row();
    expect(hub.row(LOCK)).toMatchObject({ holder: successor, pending: 0 });
    expect(hub.started).toMatchObject([
      { name: successor, trigger: { source: 'coalesced', event: successor, control: 'rules', resource: 'x' } },
    ]);
  });

  it('records and publishes which exception applies, and when it ends', async () => {
    concluded('exempt', { exception: exception() });
    await settle();
    expect(outcomeRecord()).toMatchObject({ outcome: 'exempt', exception: exception() });
    expect(outcome()).toMatchObject({ outcome: 'exempt', exceptionExpires: '2027-03-31' });
  });

  it('keeps fields of a conclusion that only the table needs out of the record', async () => {
    const period = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-08T00:00:00.000Z' };
    const gracePeriod = { stage: 'start', ...period, violation: 'v', patch: [] } as const;
    concluded('rejected', { leaves: 'a'.repeat(64), gracePeriod });
    await settle();
    expect(outcomeRecord()).toMatchObject({ outcome: 'rejected' });
    expect(outcomeRecord()).not.toHaveProperty('leaves');
    expect(outcomeRecord()).not.toHaveProperty('gracePeriod');
  });

  it('releases the lock when the evidence is altered, and escalates that', async () => {
    concluded('observed');
    hub.vault.set(PLAN.key, '{"another":"record"}');
    await settle();
    expect(outcome()).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'mode' }, { code: 'record-replaced', key: PLAN.key }],
    });
    expect(hub.row(LOCK)).toBeUndefined();
  });

  it('is retried when the vault cannot be reached', async () => {
    concluded('observed');
    hub.on('HeadObject', failWith('unreachable'));
    await expect(settle()).rejects.toThrow('unreachable');
    expect(row().phase).toBe('concluded');
    expect(hub.published).toEqual([]);
  });

  it('reports the error of a failed step, even when the state machine truncated it', async () => {
    seed({ phase: 'repairing' }, recordOf());
    await settle({ failure });
    const because = [{ code: 'step-failed', step: 'Repair', error: 'AccessDenied', message: 'Not \\"you\\".' }];
    expect(row().conclusion).toMatchObject({ outcome: 'escalated', because });
    hub.vault.clear();
    seed({ phase: 'repairing' }, recordOf());
    await settle({ failure: { state: 'Plan', error: 'States.Timeout' } });
    expect(row().conclusion?.because).toEqual([{ code: 'step-failed', step: 'Plan', error: 'States.Timeout' }]);
  });

  it('closes an execution of an account that has left the configuration', async () => {
    hub.settings.accounts = {};
    seed({ phase: 'admitted' });
    await expect(settle({ failure })).resolves.toMatchObject({ next: 'done' });
    expect(outcome()).toMatchObject({ outcome: 'escalated', owner: 'unknown' });
  });
});

describe('the hold of a rollback', () => {
  const HOLD = `hold#rules#${ACCOUNT}#eu-west-1#x`;
  const rollback = { execution: 'undone', holdDays: 14 };
  const hold = (execution: string) => put(HOLD, { execution, control: 'rules', target });

  it.each<[string, () => void, object]>([
    ['was held', () => concluded('held', { rollback }), {}],
    ['escalated', () => concluded('escalated', { rollback }), {}],
    ['failed', () => seed({ phase: 'repairing', rollback }, recordOf()), { failure }],
  ])('that %s is released before the lock is', async (_, conclude, over) => {
    conclude();
    hold(E);
    let held: object | undefined;
    hub.on('TransactWrite', (_input, proceed) => {
      if (hub.row(LOCK)) held = hub.row(HOLD);
      return proceed();
    });
    await settle(over);
    expect(held).toBeUndefined();
    expect(hub.row(HOLD)).toBeUndefined();
    expect(hub.row(LOCK)).toBeUndefined();
  });

  it('that another execution placed remains', async () => {
    concluded('held', { rollback });
    hold('another');
    await settle();
    expect(hub.row(HOLD)).toMatchObject({ execution: 'another' });
  });

  it('that was made remains, even when its evidence is altered', async () => {
    hold(E);
    concluded('rolled-back', { rollback }, 'repair');
    await settle();
    concluded('rolled-back', { rollback });
    hub.vault.set(PLAN.key, '{"another":"record"}');
    await settle();
    expect(hub.row(HOLD)).toMatchObject({ execution: E });
  });
});

describe('an outcome', () => {
  const templateSource = {
    stack: 'shop',
    logicalId: 'Store',
    repository: 'https://git.example/shop',
    commit: 'abcdef1',
  };
  const context = (over: Partial<NonNullable<ExecutionRow['context']>>) => ({
    context: { owner: { name: 'shop-team', from: 'stack tag' }, origin: 'template', templateSource, ...over } as const,
  });
  const counted = () => hub.metrics.map(({ name }) => name);

  it('warns of the next deployment when the template is in violation, and counts such repairs separately', async () => {
    concluded('repaired', context({}), 'repair');
    await settle();
    expect(outcome()).toMatchObject({
      owner: 'shop-team',
      ownerSource: 'stack tag',
      origin: 'template',
      templateSource,
      warning: expect.stringMatching(/shop/),
    });
    expect(counted()).toContain('repairedTemplate');
  });

  it.each([
    ['drift', 'repaired'],
    ['template', 'escalated'],
  ] as const)('has no warning when the origin is %s and the outcome is %s', async (origin, end) => {
    concluded(end, context({ origin }), 'repair');
    await settle();
    expect(outcome()).toMatchObject({ origin });
    expect(outcome()).not.toHaveProperty('warning');
    expect(counted()).not.toContain('repairedTemplate');
  });

  it('of a rollback names the repair, is counted separately, and makes AWS Config evaluate again', async () => {
    hub.deploy(new LiveResources().control({ detect: { by: 'custom-rule', periodic: true } }));
    const rollback = { execution: 'undone', holdDays: 7 };
    concluded('rolled-back', { rollback }, 'repair');
    await settle();
    expect(outcome()).toMatchObject({ outcome: 'rolled-back', rollback, reevaluate: true });
    expect(counted()).toContain('rolledBack');
    expect(counted()).not.toContain('timeToRepair');
  });

  it('that escalates holds the violation and the planned patch, and any other outcome does not', async () => {
    const patch = [{ op: 'remove', path: '/Rules' }] as const;
    const plan: Partial<EvidenceRecord> = { verdict: { violation: 'It is open.' }, patch };
    concluded('escalated', {}, 'plan', plan);
    await settle();
    hub.vault.clear();
    concluded('observed', {}, 'plan', plan);
    await settle();
    const [escalated, observed] = hub.published.map(({ detail }) => detail);
    expect(escalated).toMatchObject({ outcome: 'escalated', violation: 'It is open.', patch });
    expect(observed).toMatchObject({ outcome: 'observed' });
    expect(observed).not.toHaveProperty('patch');
  });

  it.each([
    ['repaired', ['repaired', 'timeToRepair']],
    ['rejected', ['rejected', 'falsePositive']],
    ['rolled-back', ['rolledBack', 'falsePositive']],
    ['exempt', ['exempt']],
    ['escalated', ['escalated']],
  ] as const)('%s is counted', async (end, metrics) => {
    concluded(end);
    await settle();
    expect(hub.metrics.map(({ name, control }) => [name, control])).toEqual(metrics.map((name) => [name, 'rules']));
  });
});
