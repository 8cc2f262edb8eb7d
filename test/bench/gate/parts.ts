import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Mixture, templateOf } from '../templates.ts';
import type { Other } from './cfn-lint.ts';
import { best, bundled, measured, timed, WORK } from './run.ts';

/** Milliseconds of processor time of the whole process, by gate. */
export interface Synthesis {
  readonly resources: number;
  /** CDK's own validation of templates, which is on by default and takes seconds. */
  readonly validation: 'on' | 'off';
  readonly none: number;
  /** An empty plugin, which measures CDK's own part. */
  readonly nothing: number;
  readonly evenkeel: number;
  readonly cdkNag: number;
}

/** Synthesizes apps of several sizes with each gate; `entry` is the module of the package. */
export async function synthesis(entry: string, sizes: readonly number[], turns: number): Promise<Synthesis[]> {
  const program = await bundled('synthesis');
  const all: Synthesis[] = [];
  for (const validation of ['on', 'off'] as const)
    for (const resources of sizes) {
      const withGate = (gate: string) => () => measured(program, gate, resources, validation, entry);
      const gates = {
        none: withGate('none'),
        nothing: withGate('nothing'),
        evenkeel: withGate('evenkeel'),
        cdkNag: withGate('cdk-nag'),
      };
      all.push({ resources, validation, ...(await best(turns, gates)) });
    }
  return all;
}

/** Milliseconds of the first evaluation in a new process. */
export interface Evaluation {
  readonly resources: number;
  readonly mixture: Mixture;
  readonly took: number;
}

/** Evaluates templates of several sizes with all controls. */
export async function evaluation(sizes: readonly number[], turns: number): Promise<Evaluation[]> {
  const program = await bundled('evaluation');
  const all: Evaluation[] = [];
  for (const mixture of ['mixed', 'groups'] as const)
    for (const resources of sizes) {
      const file = written(resources, mixture);
      all.push({ resources, mixture, ...(await best(turns, { took: () => measured(program, file) })) });
    }
  return all;
}

/** Milliseconds of whole processes for one template. */
export interface Checking {
  readonly resources: number;
  readonly evenkeel: number;
  readonly other?: number;
}

/** Checks a template with the built command line, and with another program if one is installed. */
export async function checking(evenkeel: string, other: Other, resources: number, turns: number): Promise<Checking> {
  const file = written(resources, 'mixed');
  const mine = { evenkeel: () => timed(process.execPath, [evenkeel, 'check', file], [0, 1]) };
  if ('missing' in other) return { resources, ...(await best(turns, mine)) };
  // Its exit code is a sum: 2 for errors, 4 for warnings, 8 for remarks.
  const codes = Array.from({ length: 8 }, (_, half) => half * 2);
  return { resources, ...(await best(turns, { ...mine, other: () => timed(other.file, [file], codes) })) };
}

function written(resources: number, mixture: Mixture): string {
  mkdirSync(WORK, { recursive: true });
  const file = join(WORK, `${mixture}-${resources}.json`);
  writeFileSync(file, JSON.stringify(templateOf(resources, mixture), undefined, 1));
  return file;
}
