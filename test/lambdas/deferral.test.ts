import { beforeEach, describe, expect, it } from 'vitest';
import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import type { Rollout } from '../../lib/governance/rollout.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { explain } from '../../lib/text/reasons.ts';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { user } from './repair-script.ts';
import { E, GRACE_PERIOD, LOCK, put, row, seed } from './seed.ts';

const { deferralOf } = await import('../../lambdas/plan/deferral.ts');
const { fromRow } = await import('../../lambdas/store/execution-row.ts');

const START = Date.parse('2026-11-01T00:00:00.000Z');
const ROLLOUT = `rollout#rules#${ACCOUNT}`;
const actor = user('dev');
const lastUse = [{ what: 'key', at: '2026-10-31T00:00:00.000Z' }];

/** Returns why a planned repair waits, some hours after the control was deployed. */
function wait(over: Partial<ExecutionRow> = {}, hours = 0) {
  seed({ source: 'sweep', ...over });
  return deferralOf(
    fromRow(row()),
    { Old: true },
    { violation: 'It is old.', patch: [{ op: 'replace', path: '/Old', value: false }], lastUse },
    new Date(START + hours * 3_600_000),
  );
}

const rollout = (over: Partial<Rollout> = {}) => {
  const at = new Date(START).toISOString();
  const scans = { 'eu-west-1': { round: 'r0', at, found: 0, complete: true } };
  const because = explain({ code: 'first-scan', mode: 'auto' });
  put(ROLLOUT, { mode: 'auto', parameters: {}, since: at, ...because, scans, version: 1, ...over });
};
const released = { by: 'user/1/alice', at: 'then', reason: 'seen' };
const lock = (over: object) => put(LOCK, { holder: E, pending: 0, leaseUntil: 0, ...over });

beforeEach(() => hub.deploy(new LiveResources().control()));

describe('a rejected repair', () => {
  const successor = { source: 'coalesced' } as const;
  beforeEach(() => {
    rollout({ released });
    lock({ leaves: sha256(canonical({ Old: true })) });
  });

  it('is not submitted for approval again because AWS reported the change twice', async () => {
    expect(await wait(successor)).toMatchObject({
      conclusion: { outcome: 'held', because: [{ code: 'just-rejected' }] },
      also: [],
    });
  });
  it('is submitted again for another state', async () => {
    lock({ leaves: sha256(canonical({ Old: false })) });
    expect(await wait(successor)).toBeUndefined();
  });
  it('is submitted again when the next event or sweep finds it', async () => {
    expect(await wait({ source: 'sweep' })).toBeUndefined();
  });
});

describe('a violation that may have existed before', () => {
  it.each<[string, Partial<ExecutionRow>]>([
    ['a sweep', { source: 'sweep' }],
    ['AWS Config', { source: 'config' }],
    ['Security Hub', { source: 'security-hub' }],
    ['CloudTrail without an identity', { source: 'cloudtrail' }],
    ['a successor without a known actor', { source: 'coalesced' }],
    ['a sweep during a change by a known identity', { source: 'sweep', actor }],
  ])('waits in the backlog if it was found by %s', async (_, over) => {
    const { conclusion, also } = (await wait(over)) ?? {};
    expect(conclusion).toMatchObject({
      outcome: 'held',
      because: [
        { code: 'backlog' },
        { code: 'first-scan', mode: 'auto' },
        { code: 'review-backlog', control: 'rules', account: ACCOUNT },
        { code: 'release-backlog', control: 'rules', account: ACCOUNT },
      ],
    });
    expect(conclusion?.reason).toContain(`evenkeel backlog release rules ${ACCOUNT}`);
    expect(also).toMatchObject([
      {
        Put: {
          Item: {
            pk: `backlog#rules#${ACCOUNT}#eu-west-1#x`,
            openAs: `backlog#rules#${ACCOUNT}`,
            execution: E,
            violation: 'It is old.',
            patch: [{ path: '/Old' }],
          },
        },
      },
    ]);
    expect(hub.row(ROLLOUT)).toMatchObject({ openAs: 'backlog', version: 1 });
    expect(hub.row(ROLLOUT)?.released).toBeUndefined();
  });

  it('is repaired after a release, as long as the sweep keeps scanning', async () => {
    rollout({ released });
    expect(await wait({}, 47)).toBeUndefined();
    expect((await wait({}, 49))?.conclusion.because).toContainEqual(
      expect.objectContaining({ code: 'scan-outdated', region: 'eu-west-1' }),
    );
  });

  it.each<[string, Partial<ExecutionRow>]>([
    ['a known identity changed it', { source: 'cloudtrail', actor }],
    ['an operator released it', { source: 'command' }],
  ])('does not wait, and costs no call, if %s', async (_, over) => {
    expect(await wait(over)).toBeUndefined();
    expect(hub.calls).toEqual([]);
  });

  it('does not wait if a known identity changed it while another execution ran', async () => {
    lock({ actors: new Set(['dev']) });
    expect(await wait({ source: 'coalesced' })).toBeUndefined();
  });
});

describe('a repair with a grace period', () => {
  beforeEach(() => {
    hub.account.gracePeriodDays = { rules: 7 };
    rollout({ released });
  });

  it('waits from the day that the owner is notified, also if another identity changed the resource', async () => {
    const { conclusion, also } = (await wait({ source: 'cloudtrail', actor })) ?? {};
    expect(conclusion).toMatchObject({
      outcome: 'held',
      because: [{ code: 'grace-period', until: '2026-11-08T00:00:00.000Z' }],
      gracePeriod: { stage: 'start', violation: 'It is old.', lastUse, until: '2026-11-08T00:00:00.000Z' },
    });
    expect(also).toMatchObject([{ Put: { Item: { pk: GRACE_PERIOD, openAs: 'grace-period' } } }]);
  });

  it('is announced again on the last day, and made after it', async () => {
    const change = '{"op":"replace","path":"/Old","value":false}';
    const period = { since: 's', until: '2026-11-08T00:00:00.000Z', changes: [change] };
    put(GRACE_PERIOD, period);
    const quiet = await wait({ source: 'command' }, 24);
    expect([quiet?.conclusion.gracePeriod, quiet?.also]).toEqual([undefined, []]);
    expect((await wait({ source: 'command' }, 6 * 24))?.conclusion.gracePeriod).toMatchObject({ stage: 'last-day' });
    put(GRACE_PERIOD, { ...period, lastDayNotifiedAt: '2026-11-07T00:00:00.000Z' });
    expect(await wait({ source: 'command' }, 7 * 24 - 1)).toMatchObject({ conclusion: { outcome: 'held' } });
    expect(await wait({ source: 'command' }, 7 * 24)).toBeUndefined();
  });

  it('waits in the backlog first, and its grace period starts with the release', async () => {
    rollout();
    expect((await wait())?.conclusion.because[0]).toMatchObject({ code: 'backlog' });
    const read = hub.inputs<{ readonly Key: { readonly pk: string } }>('Get').map(({ Key }) => Key.pk);
    expect(read).not.toContain(GRACE_PERIOD);
  });
});
