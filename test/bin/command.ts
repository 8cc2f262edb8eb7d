import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { run } from '../../bin/subcommands/check.ts';

/** What a command says and answers in this process, for a process each would take half a second. */
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

/** `evenkeel check`. */
export const check = (...args: string[]) => said(run, ...args);

/** A folder of its own, and how to put files into it. */
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

/** A key that is in violation, compliant or unknown. */
export const key = (EnableKeyRotation: boolean | object = false) => ({
  Type: 'AWS::KMS::Key',
  Properties: { EnableKeyRotation },
});
