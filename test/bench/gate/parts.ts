import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mixture, templateOf } from '../templates.ts';
import type { Other } from './cfn-lint.ts';
import { best, bundled, measured, timed, WORK } from './run.ts';

/** Milliseconds of processor time of the whole process, by gate. */
export interface Synthesis {
  readonly resources: number;
  /** CDK's own validation of templates, which is on unless an app says otherwise, and takes seconds. */
  readonly validation: 'on' | 'off';
  readonly none: number;
  /** A plugin that does nothing, for CDK's own part. */
  readonly nothing: number;
  readonly evenkeel: number;
  readonly cdkNag: number;
}

/** Synthesises apps of some sizes under each gate; `entry` is the package's own. */
export async function synthesis(entry: string, sizes: readonly number[], turns: number): Promise<Synthesis[]> {
  const program = await bundled('synthesis');
  const all: Synthesis[] = [];
  for (const validation of ['on', 'off'] as const)
    for (const resources of sizes) {
      const under = (gate: string) => () => measured(program, gate, resources, validation, entry);
      const gates = {
        none: under('none'),
        nothing: under('nothing'),
        evenkeel: under('evenkeel'),
        cdkNag: under('cdk-nag'),
      };
      all.push({ resources, validation, ...(await best(turns, gates)) });
    }
  return all;
}

/** Milliseconds that the judge takes, cold in its process. */
export interface Judging {
  readonly resources: number;
  readonly mixture: Mixture;
  readonly took: number;
}

/** Judges templates of some sizes by the whole catalogue. */
export async function judging(sizes: readonly number[], turns: number): Promise<Judging[]> {
  const program = await bundled('judging');
  const all: Judging[] = [];
  for (const mixture of ['mixed', 'groups'] as const)
    for (const resources of sizes) {
      const file = written(resources, mixture);
      all.push({ resources, mixture, ...(await best(turns, { took: () => measured(program, file) })) });
    }
  return all;
}

/** Milliseconds that whole processes take for one template. */
export interface Checking {
  readonly resources: number;
  readonly evenkeel: number;
  readonly other?: number;
}

/** Checks a template with the command line as it is built, and with another program if there is one. */
export async function checking(evenkeel: string, other: Other, resources: number, turns: number): Promise<Checking> {
  const file = written(resources, 'mixed');
  const mine = { evenkeel: () => timed(process.execPath, [evenkeel, 'check', file], [0, 1]) };
  if ('missing' in other) return { resources, ...(await best(turns, mine)) };
  // Its exit code is a sum of what it found: 2 errors, 4 warnings, 8 remarks.
  const codes = Array.from({ length: 8 }, (_, half) => half * 2);
  return { resources, ...(await best(turns, { ...mine, other: () => timed(other.file, [file], codes) })) };
}

function written(resources: number, mixture: Mixture): string {
  mkdirSync(WORK, { recursive: true });
  const file = join(WORK, `${mixture}-${resources}.json`);
  writeFileSync(file, JSON.stringify(templateOf(resources, mixture), undefined, 1));
  return file;
}
