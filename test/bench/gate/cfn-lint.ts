import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const VERSION = '1.58.0';
const VENV = '.sandbox/venv-bench';

/** A program to compare with, or the reason why it is missing. */
export type Other = { readonly name: string; readonly file: string } | { readonly missing: string };

/** Installs cfn-lint once, into a virtual environment of the benchmark. */
export function cfnLint(python = 'python3', venv = VENV): Other {
  const file = join(venv, 'bin', 'cfn-lint');
  const name = `cfn-lint ${VERSION}`;
  if (hasVersion(file)) return { name, file };
  const steps = [
    [python, '-m', 'venv', venv],
    [join(venv, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', `cfn-lint==${VERSION}`],
  ];
  for (const [program = '', ...args] of steps) {
    const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) return { missing: `${name} could not be installed: ${lastLine(error?.message ?? stderr)}` };
  }
  return { name, file };
}

function hasVersion(file: string): boolean {
  return existsSync(file) && spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.includes(VERSION);
}

const lastLine = (text: string) => text.trim().split('\n').at(-1) ?? '';
