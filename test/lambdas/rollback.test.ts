import { beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import { HUB, hub, target } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { user } from './repair-script.ts';
import { after, before, repaired, repairOf, request } from './rollback-script.ts';
import { E, LOCK, put, row, seed, UNDONE } from './seed.ts';

const rollback = { execution: UNDONE, holdDays: 14 };
let resources: LiveResources;

beforeEach(() => {
  resources = new LiveResources();
  resources.live = after;
  hub.deploy(resources.control());
  repaired();
});

describe('Admit', () => {
  const admit = (trigger: object) => hub.invoke('admit', { event: { evenkeel: trigger }, machine: 'the-machine' });

  it('starts a requested rollback, always with approval, and with the operator as its actor', async () => {
    const { said } = await request();
    const started = String(said.startsExecution);
    expect(await admit(hub.started[0]?.trigger ?? {})).toMatchObject({ execution: started, next: 'plan' });
    expect(row(started)).toMatchObject({
      source: 'rollback',
      target,
      maxMode: 'approve',
      rollback,
      actor: user('alice'),
    });
    expect(hub.row(LOCK)).toMatchObject({ holder: started });
  });

  const forged = {
    source: 'rollback',
    account: target.account,
    region: target.region,
    control: 'rules',
    resource: 'x',
  };
  it.each<[string, () => Promise<object>]>([
    ['an unknown command', async () => ({ ...forged, event: 'made-up' })],
    ['a command to halt', async () => ({ ...forged, event: another({}) })],
    ['an execution that repaired', async () => ({ ...forged, event: UNDONE })],
    ['a command about another resource', async () => ({ ...forged, event: await requested(), resource: 'y' })],
    ['a command that a later one replaced', async () => ({ ...forged, event: await replaced() })],
    ['a running rollback instead of its command', async () => ({ ...forged, event: await running() })],
  ])('ignores a trigger that names %s, and records that', async (_, forge) => {
    const trigger = await forge();
    expect(await admit({ ...trigger, actor: user('alice') })).toEqual({ execution: '', next: 'done' });
    expect(hub.row(LOCK)).toBeUndefined();
    const ignored = [...hub.table.rows.values()].filter(({ machine }) => machine === 'the-machine');
    expect(ignored).toMatchObject([{ phase: 'settled', because: [{ code: 'rollback-not-requested' }] }]);
  });
});

describe('Plan', () => {
  const plan = () => {
    const admitted = { source: 'rollback', maxMode: 'approve', rollback } as const;
    seed({ ...admitted, phase: 'admitted' });
    return hub.invoke('plan', { execution: E });
  };
  const plans = () => hub.records.filter(({ phase }) => phase === 'plan');

  it('plans to restore the previous state, states its violation, and requests approval', async () => {
    expect(await plan()).toEqual({ execution: E, next: 'approve' });
    expect(plans()).toMatchObject([
      {
        mode: 'approve',
        before: after,
        desired: before,
        verdict: { violation: 'A rule is open.' },
        rollback,
        patch: [
          { op: 'replace', path: '/Rules/0', value: 'open' },
          { op: 'remove', path: '/Rules/1' },
        ],
      },
    ]);
  });

  it.each([[{ Rules: ['side'] }], [before]])('keeps a state that has changed since the repair: %j', async (live) => {
    resources.live = live;
    expect(await plan()).toEqual({ execution: E, next: 'settle' });
    expect(row().conclusion).toMatchObject({ outcome: 'escalated', because: [{ code: 'state-changed' }] });
    expect(plans()).toEqual([]);
  });

  it('does not trust a record that is not the registered one', async () => {
    hub.vault.set(repairOf().key, repairOf({ before: { Rules: ['all'] } }).body);
    await expect(plan()).rejects.toThrow(/is not the record that was registered/);
    expect(plans()).toEqual([]);
  });
});

/** Puts another execution, and returns its id. */
function another(over: Partial<ExecutionRow>): string {
  seed({ execution: 'another', source: 'command', phase: 'settled', ...over });
  return 'another';
}
/** Requests a rollback, and returns the id of the command. */
async function requested(): Promise<string> {
  await request();
  return String(hub.row(`rollback#${UNDONE}`)?.command);
}
async function replaced(): Promise<string> {
  const first = await requested();
  put(`rollback#${UNDONE}`, { ...hub.row(`rollback#${UNDONE}`), command: 'a-later-one', by: `user/${HUB}/bob` });
  return first;
}
async function running(): Promise<string> {
  await request();
  return another({ rollback });
}
