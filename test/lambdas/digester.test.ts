import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestAll } from '../../lambdas/digest/digester.ts';
import { nextDigest } from '../../lib/evidence/digest.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import {
  Crash,
  checkDigests,
  foreignKey,
  LONGEST_LAG,
  Model,
  SLOWEST_STEP,
  signedBy,
  type Turn,
} from './digest-model.ts';

const MINUTE = 60_000;
const UNDISTURBED: Turn = async () => 'goes on';
const BOUNDS = { records: 1000, until: Number.POSITIVE_INFINITY };
const run = (model: Model, turn = UNDISTURBED) => digestAll(model.ports(turn), BOUNDS);

describe('concurrent writers and runs of digests', () => {
  /** One record of a step: the delay of its registration, the time until its write, and whether it is written. */
  const step = fc.record({
    delay: fc.nat(SLOWEST_STEP),
    pause: fc.nat(3),
    written: fc.constantFrom('at once', 'at once', 'late', 'never'),
  });
  const executions = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 4 });
  /** The effect of each call, and the time that it takes. */
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

  it('lose no record, list none twice, and keep the chain', async () => {
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
            const record = model.registerRecord(`e${index}`, delay);
            await wait(pause);
            if (written === 'at once') model.write(record);
            if (written === 'late') late.push(() => model.write(record));
          }
        });
        const digesters = starts.map(async ({ records, pause }) => {
          await wait(pause);
          await digestAll(model.ports(turn), { records, until: model.clock + 600 * MINUTE }).catch(died);
          checkDigests(model);
        });
        await scheduler.waitFor(Promise.all([...writers, ...digesters]));

        model.lag = 0;
        await run(model);
        model.clock += 20 * MINUTE;
        await run(model);
        const all = [...model.rows.values()].flatMap(({ records }) => records.map(({ key }) => key)).sort();
        const there = all.filter((key) => model.objects.has(key));
        expect(checkDigests(model).listed).toEqual(there);
        expect(checkDigests(model).missing).toEqual(expect.arrayContaining(all.filter((key) => !there.includes(key))));

        for (const write of late) write();
        await run(model);
        expect(checkDigests(model).listed).toEqual(all.filter((key) => model.objects.has(key)));
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
  it('is written also without records', async () => {
    const model = new Model();
    expect(await run(model)).toEqual({ digests: 1, records: 0, faults: 0 });
    expect(await run(model)).toEqual({ digests: 1, records: 0, faults: 0 });
    expect(model.digests().map(({ digest }) => [digest.sequence, digest.records])).toEqual([
      [1, []],
      [2, []],
    ]);
  });

  it('waits 15 minutes for an object, reports it missing once, and lists it when it arrives', async () => {
    const model = new Model();
    const record = model.registerRecord('e', 0);
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

  it('reports other objects under the key of a record at once, and still lists the record', async () => {
    const model = new Model();
    const [complete, doubled, other, hidden] = ['a', 'b', 'c', 'd'].map((id) => model.registerRecord(id, 0));
    if (!complete || !doubled || !other || !hidden) throw new Error('Four records must be registered.');
    for (const record of [complete, doubled, hidden]) model.write(record);
    model.plant(doubled.key, doubled.sha256);
    model.plant(doubled.key, null);
    model.plant(other.key, 'f'.repeat(64));
    model.plant(hidden.key, null, true);
    expect(await run(model)).toEqual({ digests: 1, records: 3, faults: 5 });
    const [digest] = model.digests();
    expect(digest?.digest.records.map(({ key, versionId }) => [key, versionId])).toEqual(
      [complete, doubled, hidden].map(({ key }) => [key, 'v1']),
    );
    expect(digest?.digest.missing.map(({ key }) => key)).toEqual([other.key]);
    expect(digest?.digest.faults).toEqual([
      { key: doubled.key, versionId: 'v2', fault: 'repeated', sha256: doubled.sha256 },
      { key: doubled.key, versionId: 'v3', fault: 'differs', sha256: null },
      { key: other.key, versionId: 'v1', fault: 'differs', sha256: 'f'.repeat(64) },
      { key: hidden.key, versionId: 'v2', fault: 'delete-marker', sha256: null },
    ]);
    expect(await run(model)).toEqual({ digests: 1, records: 0, faults: 0 });
  });

  it('extends the covered time only after every record is in a digest, also over several files', async () => {
    const model = new Model();
    for (let n = 0; n < 70; n++) model.write(model.registerRecord(`e${n}`, 0));
    await digestAll(model.ports(UNDISTURBED), { ...BOUNDS, records: 32 });
    const files = model.digests().map(({ digest }) => [digest.records.length, digest.until.slice(0, 4)]);
    expect(files.at(-1)?.[1]).toBe('2026');
    expect(files.slice(0, -1).map(([, until]) => until)).toEqual(files.slice(0, -1).map(() => '1970'));
    expect(checkDigests(model).listed).toHaveLength(70);
  });

  it('stops at its time limit; the next run continues', async () => {
    const model = new Model();
    for (let n = 0; n < 3; n++) model.write(model.registerRecord(`e${n}`, 0));
    await digestAll(model.ports(UNDISTURBED), { records: 1, until: model.clock - 1 });
    expect(model.digests()).toHaveLength(1);
    await run(model);
    expect(checkDigests(model).listed).toHaveLength(3);
  });
});

describe('a run', () => {
  const first = (model: Model, changes = {}) => ({
    ...nextDigest(undefined, { vault: 'vault', at: 'a', until: 'u' }, { records: [], missing: [], faults: [] }),
    ...changes,
    at: new Date(model.clock).toISOString(),
  });
  const ours = async (model: Model, changes: object) =>
    canonical(await model.ports(UNDISTURBED).signer.sign(first(model, changes)));

  it.each([
    ['signed by another key', async (model: Model) => canonical(signedBy(foreignKey, first(model)))],
    ['that is not a digest', async () => '{"digest":{}}'],
    ['that is not JSON', async () => 'null and void'],
    ['with an invalid signature', async (model: Model) => canonical({ digest: first(model), signature: 'AAAA' })],
    ['of another place in the chain', (model: Model) => ours(model, { sequence: 2 })],
    ['of another vault', (model: Model) => ours(model, { vault: 'other' })],
  ])('never continues from a file %s', async (_, planted) => {
    const model = new Model();
    model.files.set('digests/0000000001.json', await planted(model));
    await expect(run(model)).rejects.toMatchObject({ name: 'DigestConflict' });
    expect(model.files.size).toBe(1);
  });

  it('never continues from a digest that does not follow the one before it', async () => {
    const model = new Model();
    await run(model);
    model.files.set('digests/0000000002.json', await ours(model, { sequence: 2, previous: sha256('other') }));
    await expect(run(model)).rejects.toMatchObject({ name: 'DigestConflict' });
  });

  it('that is second continues from the digest of the first, and counts only its own records', async () => {
    const model = new Model();
    model.write(model.registerRecord('a', 0));
    const both = await Promise.all([run(model), run(model)]);
    expect(both.map(({ records }) => records).sort()).toEqual([0, 1]);
    expect(both.map(({ digests }) => digests)).toEqual([1, 1]);
    expect(model.digests()).toHaveLength(2);
    expect(checkDigests(model).listed).toHaveLength(1);
  });

  it.each([0, 1, 99])('finds the last digest in the vault if the table names %i', async (marked) => {
    const model = new Model();
    for (const id of ['a', 'b', 'c']) {
      model.write(model.registerRecord(id, 0));
      await run(model);
    }
    model.marked = marked;
    model.write(model.registerRecord('d', 0));
    await run(model);
    expect(model.digests()).toHaveLength(4);
    expect(checkDigests(model).listed).toHaveLength(4);
    expect(model.marked).toBe(4);
  });
});
