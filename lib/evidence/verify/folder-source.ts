import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXPORT, type Line, merge, readHeader, readLines } from './export-listing.ts';
import { compareKeys } from './record-keys.ts';
import { type AuditSource, type Holding, LARGEST } from './source.ts';

/** Opens a folder that evidence was exported or copied to. */
export async function openFolder(folder: string): Promise<AuditSource> {
  if (!(await stat(folder).catch(absent))?.isDirectory()) throw new Error(`There is no folder ${folder}.`);
  const header = await readHeader(folder);

  async function* holdings(prefix: string): AsyncGenerator<Holding> {
    const lines = header ? readLines(join(folder, EXPORT.objects), prefix) : none();
    for await (const [file, line] of merge(walk(folder, prefix), lines))
      yield holdingOf(file, line, header !== undefined);
  }

  return {
    name: folder,
    vault: header?.vault,
    complete: header?.from === null,
    witness: header ? 'export' : 'none',
    asOf: header && new Date(header.at),
    holdings,
    async *list(prefix) {
      for await (const { object } of holdings(prefix)) if (object) yield object;
    },
    read: ({ key }) => readFile(join(folder, key)).catch(absent),
    async open({ key, retention = 'unknown' }) {
      const path = join(folder, key);
      const bytes = (await stat(path)).size > LARGEST ? undefined : await readFile(path);
      return bytes && { bytes, retention };
    },
  };
}

/** What a folder and the export's list together say of a key. */
function holdingOf(file: { key: string } | undefined, line: Line | undefined, exported: boolean): Holding {
  const { key, object, intruders } = line ?? { key: file?.key ?? '', intruders: [] };
  if (!file) return { key, intruders, ...(object && { lost: true }) };
  if (!object) return { key, intruders, object: { key }, ...(exported && { unlisted: true }) };
  return { key, intruders, object: { key, ...object } };
}

async function* none(): AsyncGenerator<Line> {}

/** All files under a folder whose keys begin so, in the order in which S3 lists keys. */
async function* walk(folder: string, prefix: string): AsyncGenerator<{ readonly key: string }> {
  const at = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const entries: Dirent[] = (await readdir(join(folder, at), { withFileTypes: true }).catch(absent)) ?? [];
  const keys = entries.map((entry) => `${at}${entry.name}${entry.isDirectory() ? '/' : ''}`).sort(compareKeys);
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    if (key.endsWith('/')) yield* walk(folder, key);
    else yield { key };
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
