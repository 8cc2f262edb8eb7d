import { beforeEach, expect, it } from 'vitest';
import type { Outcome } from '../../lib/evidence/record.ts';
import { hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { GRACE_PERIOD, put } from './seed.ts';
import { concluded, outcomeRecord, settle } from './settle-script.ts';

beforeEach(() => {
  hub.deploy(new LiveResources().control());
  hub.account.gracePeriodDays = { rules: 7 };
  put(GRACE_PERIOD, { since: 's', until: 'u', changes: [] });
});

it('notifies the owner of a stage that Plan found, and keeps it out of the record', async () => {
  const period = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-08T00:00:00.000Z' };
  const gracePeriod = { stage: 'start', ...period, violation: 'It is old.', patch: [] } as const;
  concluded('held', { gracePeriod });
  await settle();
  expect(hub.published).toMatchObject([
    { type: 'Evenkeel Outcome', detail: { outcome: 'held' } },
    { type: 'Evenkeel Grace Period', detail: { owner: 'payments-team', control: 'rules', ...gracePeriod } },
  ]);
  expect(outcomeRecord()).toMatchObject({ outcome: 'held' });
  expect(outcomeRecord()).not.toHaveProperty('gracePeriod');
  expect(hub.row(GRACE_PERIOD)).toBeDefined();
});

it.each<[Outcome, boolean]>([
  ['repaired', true],
  ['compliant', true],
  ['gone', true],
  ['exempt', true],
  ['held', false],
  ['escalated', false],
  ['rejected', false],
])('ends the grace period after %s: %s', async (outcome, ends) => {
  concluded(outcome);
  await settle();
  expect(hub.row(GRACE_PERIOD) === undefined).toBe(ends);
});
