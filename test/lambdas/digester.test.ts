import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestAll } from '../../lambdas/digest/digester.ts';
import { nextDigest } from '../../lib/evidence/digest.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { Crash, judge, LONGEST_LAG, Model, SLOWEST_STEP, signedBy, strangersKey, type Turn } from './digest-model.ts';

const MINUTE = 60_000;
const UNDISTURBED: Turn = async () => 'goes on';
const BOUNDS = { records: 1000, until: Number.POSITIVE_INFINITY };
const run = (model: Model, turn = UNDISTURBED) => digestAll(model.surroundings(turn), BOUNDS);

describe('whatever happens between writers and runs of digests', () => {
  /** What a step does with one record: how late its registration is, how long its write takes, and whether it comes to that. */
  const step = fc.record({
    delay: fc.nat(SLOWEST_STEP),
    pause: fc.nat(3),
    written: fc.constantFrom('at once', 'at once', 'late', 'never'),
  });
  const executions = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
  /** What becomes of each call, and how much time goes by with it. */
  const calls = fc.infiniteStream(
    fc.record({
      divergence: fc.oneof(
        { weight: 30, arbitrary: fc.constant('goes on' as const) },
        { weight: 1, arbitrary: fc.constantFrom('dies before' as const, 'dies after' as const) },
      ),
      minutes: fc.nat(2),
      lag: fc.nat(LONGEST_LAG),
    }),
  );
  const runs = fc.array(fc.record({ records: fc.integer({ min: 1, max: 4 }), pause: fc.nat(20) }), {
    minLength: 1,
    maxLength: 4,
  });

  it('no record is left out of the digest that covers it, none is in two, and the chain holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), executions, calls, runs, async (scheduler, plans, stream, starts) => {
        const model = new Model();
        const turn: Turn = async () => {
          await scheduler.schedule(Promise.resolve());
          const { divergence, minutes, lag } = stream.next().value;
          model.clock += minutes * MINUTE;
          model.lag = lag;
          return divergence;
        };
        const late: (() => void)[] = [];
        const wait = async (turns: number) => {
          for (let passed = 0; passed < turns; passed++) await turn();
        };
        const writers = plans.map(async (steps, index) => {
          for (const { delay, pause, written } of steps) {
            await wait(pause + 1);
            const record = model.register(`e${index}`, delay);
            await wait(pause);
            if (written === 'at once') model.write(record);
            if (written === 'late') late.push(() => model.write(record));
          }
        });
        const digesters = starts.map(async ({ records, pause }) => {
          await wait(pause);
          await digestAll(model.surroundings(turn), { records, until: model.clock + 600 * MINUTE }).catch(died);
          judge(model);
        });
        await scheduler.waitFor(Promise.all([...writers, ...digesters]));

        model.lag = 0;
        await run(model);
        model.clock += 20 * MINUTE;
        await run(model);
        const all = [...model.rows.values()].flatMap(({ records }) => records.map(({ key }) => key)).sort();
        const there = all.filter((key) => model.objects.has(key));
        expect(judge(model).listed).toEqual(there);
        expect(judge(model).missing).toEqual(expect.arrayContaining(all.filter((key) => !there.includes(key))));

        for (const write of late) write();
        await run(model);
        expect(judge(model).listed).toEqual(all.filter((key) => model.objects.has(key)));
        for (const [id, { records }] of model.rows)
          expect(model.shows(id)).toBe(!records.every(({ key }) => model.objects.has(key)));
      }),
      { numRuns: 400 },
    );
  }, 120_000);
});

function died(error: unknown): void {
  if (!(error instanceof Crash)) throw error;
}

describe('a digest', () => {
  it('is made when nothing happened', async () => {
    const model = new Model();
    expect(await run(model)).toEqual({ digests: 1, records: 0, faults: 0 });
    expect(await run(model)).toEqual({ digests: 1, records: 0, faults: 0 });
    expect(model.digests().map(({ digest }) => [digest.sequence, digest.records])).toEqual([
      [1, []],
      [2, []],
    ]);
  });

  it('waits 15 minutes for an object, calls it missing once, and lists it when it turns up', async () => {
    const model = new Model();
    const record = model.register('e', 0);
    const each = async () => {
      await run(model);
      const { records, missing } = model.digests().at(-1)?.digest ?? {};
      return [records?.length, missing?.length];
    };
    expect(await each()).toEqual([0, 0]);
    model.clock += 15 * MINUTE + 1;
    expect(await each()).toEqual([0, 1]);
    expect(await each()).toEqual([0, 0]);
    model.write(record);
    expect(await each()).toEqual([1, 0]);
    expect(await each()).toEqual([0, 0]);
  });

  it('tells at once what lies in the place of a record, and lists the record itself all the same', async () => {
    const model = new Model();
    const [complete, doubled, other, hidden] = ['a', 'b', 'c', 'd'].map((id) => model.register(id, 0));
    if (!complete || !doubled || !other || !hidden) throw new Error('Four were registered.');
    for (const record of [complete, doubled, hidden]) model.write(record);
    model.plant(doubled.key, doubled.sha256);
    model.plant(doubled.key, null);
    model.plant(other.key, 'f'.repeat(64));
    model.plant(hidden.key, null, true);
    expect(await run(model)).toEqual({ digests: 1, records: 3, faults: 5 });
    const [said] = model.digests();
    expect(said?.digest.records.map(({ key, versionId }) => [key, versionId])).toEqual(
      [complete, doubled, hidden].map(({ key }) => [key, 'v1']),
    );
    expect(said?.digest.missing.map(({ key }) => key)).toEqual([other.key]);
    expect(said?.digest.faults).toEqual([
      { key: doubled.key, versionId: 'v2', fault: 'repeated', sha256: doubled.sha256 },
      { key: doubled.key, versionId: 'v3', fault: 'differs', sha256: null },
      { key: other.key, versionId: 'v1', fault: 'differs', sha256: 'f'.repeat(64) },
      { key: hidden.key, versionId: 'v2', fault: 'delete-marker', sha256: null },
    ]);
    expect(await run(model)).toEqual({ digests: 1, records: 0, faults: 0 });
  });

  it('covers nothing new until everything has been taken in, by several files if need be', async () => {
    const model = new Model();
    for (let n = 0; n < 70; n++) model.write(model.register(`e${n}`, 0));
    await digestAll(model.surroundings(UNDISTURBED), { ...BOUNDS, records: 32 });
    const said = model.digests().map(({ digest }) => [digest.records.length, digest.until.slice(0, 4)]);
    expect(said.at(-1)?.[1]).toBe('2026');
    expect(said.slice(0, -1).map(([, until]) => until)).toEqual(said.slice(0, -1).map(() => '1970'));
    expect(judge(model).listed).toHaveLength(70);
  });

  it('stops in time, and leaves the rest to the next run', async () => {
    const model = new Model();
    for (let n = 0; n < 3; n++) model.write(model.register(`e${n}`, 0));
    await digestAll(model.surroundings(UNDISTURBED), { records: 1, until: model.clock - 1 });
    expect(model.digests()).toHaveLength(1);
    await run(model);
    expect(judge(model).listed).toHaveLength(3);
  });
});

describe('a run', () => {
  const first = (model: Model, changes = {}) => ({
    ...nextDigest(undefined, { vault: 'vault', at: 'a', until: 'u' }, { records: [], missing: [], faults: [] }),
    ...changes,
    at: new Date(model.clock).toISOString(),
  });
  const ours = async (model: Model, changes: object) =>
    canonical(await model.surroundings(UNDISTURBED).signer.sign(first(model, changes)));

  it.each([
    ['signed by another key', async (model: Model) => canonical(signedBy(strangersKey, first(model)))],
    ['that is no digest', async () => '{"digest":{}}'],
    ['that is not even JSON', async () => 'null and void'],
    ['with a signature that is none', async (model: Model) => canonical({ digest: first(model), signature: 'AAAA' })],
    ['of another place in the chain', (model: Model) => ours(model, { sequence: 2 })],
    ['of another vault', (model: Model) => ours(model, { vault: 'other' })],
  ])('never builds on a file %s', async (_, planted) => {
    const model = new Model();
    model.files.set('digests/0000000001.json', await planted(model));
    await expect(run(model)).rejects.toMatchObject({ name: 'DigestConflict' });
    expect(model.files.size).toBe(1);
  });

  it('never builds on a digest that does not follow the one before it', async () => {
    const model = new Model();
    await run(model);
    model.files.set('digests/0000000002.json', await ours(model, { sequence: 2, previous: sha256('other') }));
    await expect(run(model)).rejects.toMatchObject({ name: 'DigestConflict' });
  });

  it('that comes second starts again from what the first one wrote, and counts only its own', async () => {
    const model = new Model();
    model.write(model.register('a', 0));
    const both = await Promise.all([run(model), run(model)]);
    expect(both.map(({ records }) => records).sort()).toEqual([0, 1]);
    expect(both.map(({ digests }) => digests)).toEqual([1, 1]);
    expect(model.digests()).toHaveLength(2);
    expect(judge(model).listed).toHaveLength(1);
  });

  it.each([0, 1, 99])('finds its place in the vault when the table says %i', async (trigger) => {
    const model = new Model();
    for (const id of ['a', 'b', 'c']) {
      model.write(model.register(id, 0));
      await run(model);
    }
    model.marked = trigger;
    model.write(model.register('d', 0));
    await run(model);
    expect(model.digests()).toHaveLength(4);
    expect(judge(model).listed).toHaveLength(4);
    expect(model.marked).toBe(4);
  });
});
