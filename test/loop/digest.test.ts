import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isSigned } from '../../lib/digest.ts';
import { canonical, sha256 } from '../../lib/evidence.ts';
import { governed, hub } from '../../sandbox/accounts.ts';
import { breakAndWait, prepare } from '../../sandbox/breakage.ts';
import { faultsBySchema } from '../evidence-schema.ts';
import { bodyOf, digests, publicKey, recordKeys, runDigest } from './vault.ts';
import { controlOf, eye, freshName, world } from './world.ts';

const { gateway } = world;
const control = controlOf('s3-block-public-access');

/** One repair, so that there is something to digest; answers the keys of its records. */
async function repairOne(): Promise<string[]> {
  const prepared = await prepare(world, control, governed[0] ?? hub, freshName('digest'));
  await eye.quiet();
  const { row } = await breakAndWait(eye, prepared);
  await eye.quiet();
  return row.records.map(({ key }) => key);
}

/** What must hold of a vault at any time: every digest signed and chained, and no record in two of them. */
async function checkChain() {
  const [all, key] = [await digests(), await publicKey()];
  let previous: string | null = null;
  for (const [index, file] of all.entries()) {
    expect(faultsBySchema('digest', file)).toBeUndefined();
    expect(isSigned(file, key)).toBe(true);
    expect(file.digest).toMatchObject({ sequence: index + 1, previous });
    previous = sha256(canonical(file));
  }
  const listed = all.flatMap(({ digest }) => digest.records);
  expect(new Set(listed.map(({ key: one }) => one)).size).toBe(listed.length);
  for (const { key: one, sha256: hash } of listed) expect(sha256(await bodyOf(one))).toBe(hash);
  return { all, listed: listed.map(({ key: one }) => one).sort() };
}

beforeAll(() => eye.quiet(120));
afterEach(async () => {
  await gateway.clearFaults();
});

describe('a digest', () => {
  it('lists what was recorded since the last one, and each next one what came then, or nothing', async () => {
    const first = await repairOne();
    await runDigest();
    const second = await repairOne();
    await runDigest();
    expect(await runDigest()).toEqual({ digests: 1, records: 0, faults: 0 });
    const { all, listed } = await checkChain();
    const [before, then, last] = all.slice(-3).map(({ digest }) => digest.records.map(({ key }) => key));
    expect(before).toEqual(expect.arrayContaining(first));
    expect(then).toEqual(expect.arrayContaining(second));
    expect(last).toEqual([]);
    expect(listed).toEqual((await recordKeys()).sort());
  });
  it('is made of records that keep to their published form', async () => {
    for (const key of await recordKeys())
      expect(faultsBySchema('evidence', JSON.parse(await bodyOf(key)))).toBeUndefined();
  });
});
