import type { Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type AuditSource, type KeyHistory, MAX_BYTES } from './evidence-source.ts';
import { EXPORT, type ListingLine, merge, readHeader, readLines } from './export-listing.ts';
import { compareKeys } from './record-keys.ts';

/** Opens a folder to which evidence was exported or copied. */
export async function openFolder(folder: string): Promise<AuditSource> {
  if (!(await stat(folder).catch(absent))?.isDirectory()) throw new Error(`${folder} is not a folder.`);
  const header = await readHeader(folder);

  async function* histories(prefix: string): AsyncGenerator<KeyHistory> {
    const lines = header ? readLines(join(folder, EXPORT.objects), prefix) : none();
    for await (const [file, line] of merge(walk(folder, prefix), lines))
      yield historyOf(file, line, header !== undefined);
  }

  return {
    name: folder,
    vault: header?.vault,
    complete: header?.from === null,
    metadataSource: header ? 'export' : 'none',
    asOf: header && new Date(header.at),
    histories,
    countOthers: () => countOthers(folder),
    async *list(prefix) {
      for await (const { object } of histories(prefix)) if (object) yield object;
    },
    read: ({ key }) => readFile(join(folder, key)).catch(absent),
    async open({ key, retention = 'unknown' }) {
      const path = join(folder, key);
      const bytes = (await stat(path)).size > MAX_BYTES ? undefined : await readFile(path);
      return bytes && { bytes, retention };
    },
  };
}

/** Combines a file of the folder and a line of the listing. */
function historyOf(file: Entry | undefined, line: ListingLine | undefined, exported: boolean): KeyHistory {
  const { key, object, laterVersions } = line ?? { key: file?.key ?? '', laterVersions: [] };
  if (file?.link) return { key, laterVersions, link: true };
  if (!file) return { key, laterVersions, ...(object && { lost: true }) };
  if (!object) return { key, laterVersions, object: { key }, ...(exported && { unlisted: true }) };
  return { key, laterVersions, object: { key, ...object } };
}

async function* none(): AsyncGenerator<ListingLine> {}

interface Entry {
  readonly key: string;
  /** It is a symbolic link, a socket or the like. */
  readonly link?: true;
}

/** Counts the files of a folder outside the evidence and the files of an export. */
async function countOthers(folder: string): Promise<number> {
  const known: readonly string[] = Object.values(EXPORT);
  let count = 0;
  for await (const { key } of walk(folder, ''))
    if (!key.startsWith('evidence/') && !key.startsWith('digests/') && !known.includes(key)) count++;
  return count;
}

/** Lists the files of a folder whose keys have a prefix, in the order in which S3 lists keys. */
async function* walk(folder: string, prefix: string): AsyncGenerator<Entry> {
  const at = prefix.slice(0, prefix.lastIndexOf('/') + 1);
  const entries: Dirent[] = (await readdir(join(folder, at), { withFileTypes: true }).catch(absent)) ?? [];
  const links = new Set(
    entries.filter((entry) => !entry.isDirectory() && !entry.isFile()).map(({ name }) => `${at}${name}`),
  );
  const keys = entries.map((entry) => `${at}${entry.name}${entry.isDirectory() ? '/' : ''}`).sort(compareKeys);
  for (const key of keys) {
    if (!key.startsWith(prefix)) continue;
    if (key.endsWith('/')) yield* walk(folder, key);
    else yield { key, ...(links.has(key) && { link: true }) };
  }
}

function absent(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
    return undefined;
  throw error;
}
