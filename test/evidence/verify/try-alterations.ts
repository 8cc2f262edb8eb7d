import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import type { SignedDigest } from '../../../lib/evidence/digest.ts';
import { EXPORT } from '../../../lib/evidence/verify/export-listing.ts';
import type { Verification } from '../../../lib/evidence/verify/verification.ts';
import { type Files, json, KINDS, type Provable } from './alterations.ts';

/** Changes to the files of a folder: new content, or undefined for a removed file. */
type Changes = ReadonlyMap<string, Buffer | undefined>;

const number = fc.nat({ max: 1_000_000 });
const dice = fc.record({
  kind: fc.constantFrom(...(Object.keys(KINDS) as (keyof typeof KINDS)[])),
  a: number,
  b: number,
  c: number,
}); // the keys are those of the table

/** Applies one alteration after the other to a folder and reverts each: verification must report it, and no other object. */
export async function findsAll(folder: string, numRuns: number, audit: () => Promise<Verification>): Promise<void> {
  const files = filesOf(folder);
  const [provable, tried] = [provableIn(files), new Set<string>()];
  await fc.assert(
    fc.asyncProperty(dice, async ({ kind, ...thrown }) => {
      const changes = effective(files, KINDS[kind](provable, thrown));
      fc.pre(changes.size > 0);
      tried.add(kind);
      put(folder, changes);
      const { verdict, findings } = await audit();
      put(folder, new Map([...changes.keys()].map((path) => [path, files.get(path)])));
      const touched = touchedBy(changes, files);
      const unaltered = findings.filter(({ key }) => !touched(key));
      expect({ verdict, unaltered }).toEqual({ verdict: 'broken', unaltered: [] });
    }),
    { numRuns, seed: 20261121 },
  );
  const untried = Object.keys(KINDS).filter((kind) => !tried.has(kind));
  expect(untried.filter((kind) => provable.exported || !kind.includes("export's list"))).toEqual([]);
}

/** The files that an alteration changes. */
const effective = (files: Files, changes: Changes): Changes =>
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

/** The objects of a folder whose alteration can be proven; without an export's list, only those that a digest lists. */
export function provableIn(files: Files): Provable {
  const digests = [...files.keys()].filter((key) => key.startsWith('digests/')).sort();
  const digested = digests.flatMap((key) =>
    json<SignedDigest>(files.get(key)).digest.records.map((record) => record.key),
  );
  const exported = files.has(EXPORT.header);
  const listed = exported ? [...files.keys()].filter((key) => key.startsWith('evidence/')).sort() : digested;
  return { files, digests, digested, listed, exported };
}

/** Writes files to a folder, and removes those without content. */
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

/** Returns whether the key of a finding is that of an altered object. */
function touchedBy(changes: Changes, files: Files): (key: string) => boolean {
  const linesOf = (bytes: Buffer | undefined) => new Set(String(bytes ?? '').split('\n'));
  const after = linesOf(changes.get(EXPORT.objects));
  const relisted = changes.has(EXPORT.objects)
    ? [...linesOf(files.get(EXPORT.objects))]
        .filter((line) => line && !after.has(line))
        .map((line) => json<{ key: string }>(Buffer.from(line)).key)
    : [];
  const keys = [...changes.keys(), ...relisted];
  // The phase of a removed record is unknown; its number in its execution identifies it.
  return (key) => keys.some((changed) => changed === key || changed.replace(/-[a-z]+\.json$/, '-*.json') === key);
}
