import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

/** Where the bench puts what it makes; below the checkout, so that its programs find the packages. */
export const WORK = resolve('.sandbox/bench');

/** Bundles a program of the bench, for a loader of TypeScript would be measured too. */
export async function bundled(name: string): Promise<string> {
  mkdirSync(WORK, { recursive: true });
  const outfile = join(WORK, `${name}.mjs`);
  const entry = join('test/bench/gate', `${name}.ts`);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return outfile;
}

/** Runs such a program in a process of its own and takes the number that it sends. */
export function measured(program: string, ...args: readonly (string | number)[]): Promise<number> {
  const child = fork(program, args.map(String), {
    cwd: WORK, // where no file of exceptions stands
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const said = lastWords(child);
  return new Promise((resolve, reject) => {
    let sent: number | undefined;
    child.once('message', (message) => {
      sent = Number(message);
    });
    child.once('error', reject);
    // The next one starts when this one has ended, or it would be disturbed.
    child.once('close', () => {
      if (sent === undefined) reject(new Error(`${basename(program)} ${args.join(' ')} sent nothing:\n${said()}`));
      else resolve(sent);
    });
  });
}

function lastWords({ stderr }: ChildProcess): () => string {
  let said = '';
  stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return () => said;
}

/** The milliseconds that a whole process takes from start to end, if it ends with one of some exit codes. */
export function timed(file: string, args: readonly string[], codes: readonly number[]): number {
  const started = performance.now();
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const took = performance.now() - started;
  if (status !== null && codes.includes(status)) return took;
  throw error ?? new Error(`${basename(file)} ${args.join(' ')} ended with ${status}:\n${stderr}`);
}

/**
 * Runs variants in turns, so that what else the machine does falls on all alike, and takes the best run of each:
 * whatever disturbs a run makes it longer, and nothing makes it shorter.
 */
export async function best<Name extends string>(
  turns: number,
  variants: { readonly [N in Name]: () => Promise<number> | number },
): Promise<{ readonly [N in Name]: number }> {
  const names = Object.keys(variants) as Name[]; // its own keys
  const least = Object.fromEntries(names.map((name) => [name, Number.POSITIVE_INFINITY])) as { [N in Name]: number };
  for (let turn = 0; turn < turns; turn++)
    for (const name of names) least[name] = Math.min(least[name], await variants[name]());
  return least;
}
