import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The help that a person reads. */
async function helpOf(...command: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['--import', 'tsx', 'bin/evenkeel.ts', ...command, '--help'], {
    cwd: root,
  });
  return stdout;
}

/** The subcommands in a help text. */
const listed = (help: string): string[] => {
  const [, commands = ''] = help.split('\nSubcommands:\n');
  return [...commands.matchAll(/^ {2}([a-z]+) {2,}/gm)].flatMap(([, name]) => name ?? []);
};

/** Every subcommand by its whole name, with its help. */
async function commands(...group: string[]): Promise<(readonly [string, string])[]> {
  const help = await helpOf(...group);
  const names = listed(help);
  if (names.length === 0) return [[group.join(' '), help]];
  const all: (readonly [string, string])[] = [];
  for (const name of names) all.push(...(await commands(...group, name)));
  return all;
}

it('every subcommand has an example, exit codes and JSON output', { timeout: 240_000 }, async () => {
  const all = await commands();
  expect(all.map(([name]) => name)).toEqual(expect.arrayContaining(['check', 'status', 'halt', 'evidence verify']));
  for (const [name, help] of all) {
    expect(help, name).toMatch(new RegExp(`Usage: evenkeel ${name}\\b`));
    expect(help, name).toMatch(/Examples?:/);
    expect(help, name).toMatch(/Exit codes?:?\s+0 /);
    expect(help, name).toMatch(/--format\b[^\n]*json/);
  }
});
