import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { build } from 'esbuild';

/** The folder for generated files; it is below the checkout, where programs find the packages. */
export const WORK = resolve('.sandbox/bench');

/** Bundles a program of the benchmark, so that the time to load TypeScript is not measured. */
export async function bundled(name: string): Promise<string> {
  mkdirSync(WORK, { recursive: true });
  const outfile = join(WORK, `${name}.mjs`);
  const entry = join('test/bench/gate', `${name}.ts`);
  await build({ entryPoints: [entry], outfile, bundle: true, format: 'esm', platform: 'node', packages: 'external' });
  return outfile;
}

/** Runs a bundled program in its own process, and returns the number that it sends. */
export function measured(program: string, ...args: readonly (string | number)[]): Promise<number> {
  const child = fork(program, args.map(String), {
    cwd: WORK, // no exceptions file is here
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const output = lastOutput(child);
  return new Promise((resolve, reject) => {
    let sent: number | undefined;
    child.once('message', (message) => {
      sent = Number(message);
    });
    child.once('error', reject);
    // The next one must not start before this one has ended.
    child.once('close', () => {
      if (sent === undefined) reject(new Error(`${basename(program)} ${args.join(' ')} sent nothing:\n${output()}`));
      else resolve(sent);
    });
  });
}

function lastOutput({ stderr }: ChildProcess): () => string {
  let said = '';
  stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  return () => said;
}

/** The milliseconds of a whole process, from start to end. Throws if its exit code is not one of these. */
export function timed(file: string, args: readonly string[], codes: readonly number[]): number {
  const started = performance.now();
  const { status, stderr, error } = spawnSync(file, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
  const took = performance.now() - started;
  if (status !== null && codes.includes(status)) return took;
  throw error ?? new Error(`${basename(file)} ${args.join(' ')} ended with ${status}:\n${stderr}`);
}

/**
 * Runs variants in turns and returns the best time of each. Other work on the machine then affects all variants, and can
 * only make a run longer.
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
