import { expect, it } from 'vitest';
import { aws, before, closing, desired, machine, useRepairScript } from './repair-script.ts';
import { patchRow } from './seed.ts';

const damaged = { Rules: ['open', 'low'] };

useRepairScript();

it('keeps a partial repair that is safer', async () => {
  const half = { Rules: ['open', 'office', 'low'] };
  patchRow({ attempts: 2 });
  aws.resources.onWrite = () => {
    aws.resources.store(half);
    throw new Error('denied');
  };
  await machine();
  expect(aws.resources.live).toEqual(half);
  expect(closing()).toMatchObject({
    outcome: 'escalated',
    after: half,
    because: [{ code: 'write-failed', error: 'Error: denied' }, { code: 'partly-repaired' }],
  });
});

it('restores the settings that its own write lost', async () => {
  aws.resources.onWrite = (state, times) => aws.resources.store(times === 1 ? damaged : state);
  expect(await machine()).toBe('settle');
  expect(aws.resources.writes).toEqual([desired, before]);
  expect(aws.resources.live).toEqual(before);
  expect(closing()).toMatchObject({
    outcome: 'escalated',
    after: before,
    because: [{ code: 'still-in-violation' }, { code: 'loss-restored' }],
  });
});

it('restores lost settings on the next attempt when restoring fails', async () => {
  aws.resources.onWrite = (state, times) => {
    if (times === 2) throw new Error('throttled');
    return aws.resources.store(times === 1 ? damaged : state);
  };
  expect(await machine()).toBe('settle');
  expect(aws.resources.writes).toEqual([desired, before, before]);
  expect(closing()).toMatchObject({
    outcome: 'escalated',
    after: before,
    because: [{ code: 'still-in-violation' }, { code: 'loss-restored' }],
  });
});

it('keeps a concurrent change while restoring lost settings', async () => {
  patchRow({ phase: 'repairing', restoring: { code: 'still-in-violation' } });
  aws.resources.live = { Rules: ['low', 'other'] };
  expect(await machine()).toBe('settle');
  expect(aws.resources.writes).toEqual([]);
  expect(closing()).toMatchObject({
    outcome: 'escalated',
    because: [{ code: 'still-in-violation' }, { code: 'changed-by-others' }],
  });
});

it('keeps a change by another identity', async () => {
  const foreign = { Rules: ['open', 'other'] };
  aws.resources.onWrite = () => aws.resources.store(foreign);
  expect(await machine()).toBe('settle');
  expect(aws.resources.live).toEqual(foreign);
  expect(closing()).toMatchObject({
    outcome: 'escalated',
    after: foreign,
    because: [{ code: 'still-in-violation' }, { code: 'changed-by-others' }],
  });
});

it('reports no repair that does not read back', async () => {
  aws.resources.onWrite = () => undefined;
  expect(await machine()).toBe('settle');
  expect(closing()).toMatchObject({ outcome: 'escalated', verdict: { violation: expect.any(String) } });
});
