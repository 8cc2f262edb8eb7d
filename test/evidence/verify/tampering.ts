import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SignedDigest } from '../../../lib/evidence/digest.ts';
import { EXPORT } from '../../../lib/evidence/verify/export-listing.ts';
import type { Verification } from '../../../lib/evidence/verify/verification.ts';
import { type Files, type Ground, json, KINDS } from './alterations.ts';

/** What somebody did to a folder: new contents of files, or none for those that he removed. */
type Changes = ReadonlyMap<string, Buffer | undefined>;

const number = fc.nat({ max: 1_000_000 });
const dice = fc.record({
  kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
  a: number,
  b: number,
  c: number,
}); // the keys are those of the table

/** Does one alteration after the other to a folder, each undone before the next: all must show, and nothing else be blamed. */
export async function showsAll(folder: string, numRuns: number, audit: () => Promise<Verification>): Promise<void> {
  const files = filesOf(folder);
  const [ground, tried] = [groundOf(files), new Set<string>()];
  await fc.assert(
    fc.asyncProperty(dice, async ({ kind, ...thrown }) => {
      const changes = changing(files, KINDS[kind](ground, thrown));
      fc.pre(changes.size > 0);
      tried.add(kind);
      put(folder, changes);
      const { verdict, findings } = await audit();
      put(folder, new Map([...changes.keys()].map((path) => [path, files.get(path)])));
      const touched = touchedBy(changes, files);
      const innocent = findings.filter(({ key }) => !touched(key));
      expect({ verdict, innocent }).toEqual({ verdict: 'broken', innocent: [] });
    }),
    { numRuns, seed: 20261121 },
  );
  const untried = Object.keys(KINDS).filter((kind) => !tried.has(kind));
  expect(untried.filter((kind) => ground.exported || !kind.includes("export's list"))).toEqual([]);
}

/** What of an alteration changes anything. */
const changing = (files: Files, changes: Changes): Changes =>
  new Map(
    [...changes].filter(([path, bytes]) => {
      const before = files.get(path);
      return before ? !bytes?.equals(before) : bytes !== undefined;
    }),
  );

/** Reads all files of a folder. */
export function filesOf(folder: string): Files {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Map(paths.map((path) => [path, readFileSync(join(folder, path))]));
}

/** What can be proved of a folder: without an export's list, nothing of what is newer than the last digest. */
export function groundOf(files: Files): Ground {
  const digests = [...files.keys()].filter((key) => key.startsWith('digests/')).sort();
  const records = digests.flatMap((key) =>
    json<SignedDigest>(files.get(key)).digest.records.map((record) => record.key),
  );
  const exported = files.has(EXPORT.header);
  const held = exported ? [...files.keys()].filter((key) => key.startsWith('evidence/')).sort() : records;
  return { files, digests, records, held, exported };
}

/** Puts files into a folder, and takes those away that are to be gone. */
export function put(folder: string, changes: Changes): void {
  for (const [path, bytes] of changes) {
    if (!bytes) {
      rmSync(join(folder, path), { force: true });
      continue;
    }
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

/** Whether a finding's key names something that was altered. */
function touchedBy(changes: Changes, files: Files): (key: string) => boolean {
  const listed = (bytes: Buffer | undefined) => new Set(String(bytes ?? '').split('\n'));
  const after = listed(changes.get(EXPORT.objects));
  const relisted = changes.has(EXPORT.objects)
    ? [...listed(files.get(EXPORT.objects))]
        .filter((line) => line && !after.has(line))
        .map((line) => json<{ key: string }>(Buffer.from(line)).key)
    : [];
  const keys = [...changes.keys(), ...relisted];
  // A record that is gone has no key that anybody knows; its number in its execution stands for it.
  return (key) => keys.some((changed) => changed === key || changed.replace(/-[a-z]+\.json$/, '-*.json') === key);
}
