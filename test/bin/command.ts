import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { run } from '../../bin/subcommands/check.ts';

/** Runs a subcommand in this process, because a new process takes half a second. */
export async function said(run: (args: string[]) => Promise<number>, ...args: string[]) {
  const stdout = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    const status = await run(args);
    return { status, stdout: stdout.mock.calls.join(''), stderr: stderr.mock.calls.join('') };
  } finally {
    vi.restoreAllMocks();
  }
}

/** Runs `evenkeel check`. */
export const check = (...args: string[]) => said(run, ...args);

/** A temporary folder for the files of a test. */
export function workplace() {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-'));
  return {
    folder,
    remove: () => rmSync(folder, { recursive: true }),
    file(name: string, content: string | Buffer | object): string {
      const path = join(folder, name);
      mkdirSync(dirname(path), { recursive: true });
      const isText = typeof content === 'string' || Buffer.isBuffer(content);
      writeFileSync(path, isText ? content : JSON.stringify(content, undefined, 2));
      return path;
    },
  };
}

/** A KMS key with this rotation. */
export const key = (EnableKeyRotation: boolean | object = false) => ({
  Type: 'AWS::KMS::Key',
  Properties: { EnableKeyRotation },
});
