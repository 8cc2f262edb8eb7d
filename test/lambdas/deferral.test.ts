import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import type { GracePeriod } from '../../lib/governance/grace-period.ts';
import type { Rollout } from '../../lib/governance/rollout.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { explain } from '../../lib/text/reasons.ts';

/** The state table around a plan, as a test scripts it. */
const hub = vi.hoisted(() => ({
  rollout: undefined as Rollout | undefined,
  gracePeriod: undefined as GracePeriod | undefined,
  actors: undefined as ReadonlySet<string> | undefined,
  leaves: undefined as string | undefined,
  gracePeriodDays: {} as { key?: number },
  regimesRead: 0,
  gracesRead: 0,
}));

vi.mock('../../controls/index.ts', () => ({ controls: [{ id: 'key', scope: 'regional' }] }));
vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: {
    parameters: {},
    accounts: {
      '111111111111': {
        regions: ['r'],
        modes: { key: 'auto' },
        get gracePeriodDays() {
          return hub.gracePeriodDays;
        },
      },
    },
  },
}));
vi.mock('../../lambdas/store/rollouts.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/store/rollouts.ts')>()),
  changeRollout: async (_control: string, _account: string, change: (known?: Rollout) => Rollout | undefined) => {
    hub.regimesRead++;
    hub.rollout = change(hub.rollout);
    return hub.rollout;
  },
}));
vi.mock('../../lambdas/store/grace-periods.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/store/grace-periods.ts')>()),
  getGracePeriod: async () => {
    hub.gracesRead++;
    return hub.gracePeriod;
  },
}));
vi.mock('../../lambdas/store/lock.ts', () => ({
  getLock: async () => ({ actors: hub.actors, leaves: hub.leaves }),
}));

const { deferralOf } = await import('../../lambdas/plan/deferral.ts');
const START = Date.parse('2026-11-01T00:00:00.000Z');
const actor = { type: 'IAMUser', arn: 'arn:aws:iam::111111111111:user/dev' };
const target = { account: '111111111111', region: 'r', partition: 'aws', id: 'x' };
const wait = (over: Partial<Execution> = {}, hours = 0) =>
  deferralOf(
    { execution: 'e', control: 'key', target, source: 'sweep', ...over } as Execution, // as far as waiting goes
    { Old: true },
    { violation: 'It is old.', patch: [{ op: 'replace', path: '/Old', value: false }], lastUse },
    new Date(START + hours * 60 * 60 * 1000),
  );
const lastUse = [{ what: 'key', at: '2026-10-31T00:00:00.000Z' }];
const known = (over: Partial<Rollout> = {}): Rollout => {
  const at = new Date(START).toISOString();
  const scans = { r: { round: 'r0', at, found: 0, complete: true } };
  return {
    mode: 'auto',
    parameters: '{}',
    since: at,
    ...explain({ code: 'first-scan', mode: 'auto' }),
    scans,
    ...over,
  };
};
const released = { by: 'user/1/alice', at: 'then', reason: 'seen' };

beforeEach(() =>
  Object.assign(hub, {
    rollout: undefined,
    gracePeriod: undefined,
    actors: undefined,
    leaves: undefined,
    gracePeriodDays: {},
    regimesRead: 0,
    gracesRead: 0,
  }),
);

describe('what people have just rejected', () => {
  const second = { source: 'coalesced' } as const;
  beforeEach(() => {
    hub.rollout = known({ released });
    hub.leaves = sha256(canonical({ Old: true }));
  });

  it('is not asked again because AWS told of the same change twice', async () => {
    expect(await wait(second)).toMatchObject({
      conclusion: { outcome: 'held', because: [{ code: 'just-rejected' }] },
      also: [],
    });
  });
  it('is asked anew once it is another state', async () => {
    hub.leaves = sha256(canonical({ Old: false }));
    expect(await wait(second)).toBeUndefined();
  });
  it('is asked anew when the next event or sweep finds it', async () => {
    expect(await wait({ source: 'sweep' })).toBeUndefined();
  });
});

describe('what may have stood in violation before', () => {
  it.each<[string, Partial<Execution>]>([
    ['a sweep found', { source: 'sweep' }],
    ['AWS Config found', { source: 'config' }],
    ['Security Hub found', { source: 'security-hub' }],
    ['CloudTrail told of without saying who did it', { source: 'cloudtrail' }],
    ['was looked at again for nobody who is known', { source: 'coalesced' }],
    ['a sweep found while somebody changed it', { source: 'sweep', actor }],
  ])('waits in a batch, on its list, if %s it', async (_, over) => {
    const { conclusion, also } = (await wait(over)) ?? {};
    expect(conclusion).toMatchObject({ outcome: 'held' });
    expect(conclusion?.reason).toMatch(/new in this account.*evenkeel backlog release key 111111111111 --reason/);
    expect(also).toMatchObject([
      {
        Put: {
          Item: {
            pk: 'backlog#key#111111111111#r#x',
            openAs: 'backlog#key#111111111111',
            execution: 'e',
            violation: 'It is old.',
            patch: [{ path: '/Old' }],
          },
        },
      },
    ]);
    expect(hub.rollout?.released).toBeUndefined();
  });

  it('goes on when a person has released it, and the sweep still comes', async () => {
    hub.rollout = known({ released });
    expect(await wait({}, 47)).toBeUndefined();
    expect((await wait({}, 49))?.conclusion.because).toContainEqual(
      expect.objectContaining({ code: 'scan-outdated', region: 'r' }),
    );
  });

  it.each<[string, Partial<Execution>]>([
    ['somebody has just changed', { source: 'cloudtrail', actor }],
    ['a person asked for', { source: 'command' }],
  ])('is not what %s: that goes on, at no further call', async (_, over) => {
    expect(await wait(over)).toBeUndefined();
    expect([hub.regimesRead, hub.gracesRead]).toEqual([0, 0]);
  });

  it('is not what somebody changed while another execution was at work', async () => {
    hub.actors = new Set(['dev']);
    expect(await wait({ source: 'coalesced' })).toBeUndefined();
  });
});

describe('a repair that interrupts somebody', () => {
  beforeEach(() => Object.assign(hub, { gracePeriodDays: { key: 7 }, rollout: known({ released }) }));

  it('waits from the day that the owner is told, whoever changed it', async () => {
    const { conclusion, also } = (await wait({ source: 'cloudtrail', actor })) ?? {};
    expect(conclusion).toMatchObject({
      outcome: 'held',
      because: [{ code: 'grace-period', until: '2026-11-08T00:00:00.000Z' }],
      gracePeriod: { stage: 'start', violation: 'It is old.', lastUse, until: '2026-11-08T00:00:00.000Z' },
    });
    expect(also).toMatchObject([
      { Put: { Item: { pk: 'grace-period#key#111111111111#r#x', openAs: 'grace-period' } } },
    ]);
  });

  it('is told of on the last day once more, and comes after it', async () => {
    const change = '{"op":"replace","path":"/Old","value":false}';
    hub.gracePeriod = { since: 's', until: '2026-11-08T00:00:00.000Z', changes: [change] };
    const quiet = await wait({ source: 'command' }, 24);
    expect([quiet?.conclusion.gracePeriod, quiet?.also]).toEqual([undefined, []]);
    expect((await wait({ source: 'command' }, 6 * 24))?.conclusion.gracePeriod).toMatchObject({ stage: 'last-day' });
    hub.gracePeriod = { ...hub.gracePeriod, lastDayNotifiedAt: '2026-11-07T00:00:00.000Z' };
    expect(await wait({ source: 'command' }, 7 * 24 - 1)).toMatchObject({ conclusion: { outcome: 'held' } });
    expect(await wait({ source: 'command' }, 7 * 24)).toBeUndefined();
  });

  it('waits in the batch first, and its time begins with the release', async () => {
    hub.rollout = known();
    expect((await wait())?.conclusion.because).toContainEqual(expect.objectContaining({ code: 'backlog' }));
    expect(hub.gracesRead).toBe(0);
  });
});
