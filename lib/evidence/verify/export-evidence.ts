import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sha256 as hash } from '../../model/canonical.ts';
import type { Bucket } from './bucket-source.ts';
import type { KeyHistory, Retention } from './evidence-source.ts';
import { EXPORT, type ExportHeader, type ListingLine, readHeader } from './export-listing.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { recordOf, sequenceOf } from './record-keys.ts';
import { ExportSelection, type Window } from './window.ts';

/** The options of an export. */
export interface ExportOptions extends Window {
  readonly bucket: Bucket;
  readonly folder: string;
  readonly now: Date;
  /** Returns the public key of a KMS key, as PEM. */
  publicKey(arn: string): Promise<string>;
  /** The number of objects to download at once. */
  readonly width?: number;
}

/** The result of an export. */
export interface ExportResult {
  readonly objects: number;
  /** The number of objects that were not in the folder before. */
  readonly downloaded: number;
  /** The ARNs of the keys that signed the digests. */
  readonly keys: readonly string[];
}

/** Downloads evidence into a folder with the layout of the bucket; it skips identical files and overwrites none. */
export async function exportEvidence(options: ExportOptions): Promise<ExportResult> {
  const { bucket, folder, now, from, to, publicKey } = options;
  await mkdir(folder, { recursive: true });
  await rejectOtherExport(folder, { vault: bucket.vault, from, to });
  const selection = new ExportSelection({ from, to });
  const path = join(folder, EXPORT.objects);
  const counts = { objects: 0, downloaded: 0 };
  await pipeline(Readable.from(listing(options, selection, counts)), createWriteStream(`${path}.part`));
  const keys = [...selection.keys];
  if (keys.length > 0) await addKeys(folder, (await Promise.all(keys.map(publicKey))).join(''));
  await rename(`${path}.part`, path);
  const header: ExportHeader = {
    schema: 'evenkeel.export/v1',
    vault: bucket.vault,
    at: now.toISOString(),
    from: from ?? null,
    to: to ?? null,
    objects: counts.objects,
  };
  await writeFile(join(folder, EXPORT.header), `${JSON.stringify(header, undefined, 2)}\n`);
  await rm(join(folder, PARTS), { recursive: true, force: true });
  return { ...counts, keys };
}

/** A folder holds the evidence of one vault and one window. */
async function rejectOtherExport(folder: string, wanted: { vault: string } & Window): Promise<void> {
  const header = await readHeader(folder);
  if (!header) return;
  const { vault, from, to } = header;
  if (vault === wanted.vault && from === (wanted.from ?? null) && to === (wanted.to ?? null)) return;
  const days = `from ${from ?? 'the beginning'} to ${to ?? 'the end'}`;
  throw new Error(`${folder} holds an export of ${vault} ${days}. Use another folder, or the same vault and days.`);
}

/** Downloads the digests and then the records, and yields the lines of the listing in the same order. */
async function* listing(
  { bucket, folder, now, to, width = 16 }: ExportOptions,
  selection: ExportSelection,
  counts: { objects: number; downloaded: number },
): AsyncGenerator<string> {
  const one = (history: KeyHistory) => download(bucket, folder, history);
  const lineOf = ({ line, downloaded }: Exported) => {
    counts.objects++;
    if (downloaded) counts.downloaded++;
    return `${JSON.stringify(line)}\n`;
  };
  // One at a time if not all are needed: a digest downloaded in advance would be in no line.
  for await (const digest of mapConcurrent(selection.digests(bucket), to ? 1 : 4, one)) {
    yield lineOf(digest);
    if (digest.bytes) selection.add(digest.bytes);
    if (selection.complete) break;
  }
  for await (const record of mapConcurrent(selection.records(bucket, now), width, one)) yield lineOf(record);
}

interface Exported {
  readonly line: ListingLine;
  /** The file's content; undefined for an object that is only listed. */
  readonly bytes?: Uint8Array;
  /** Whether the file is new. */
  readonly downloaded?: true;
}

/** Downloads an object if its file does not exist. An object that is not a record or digest, or is too large for one, is only listed. */
async function download(bucket: Bucket, folder: string, { key, object, laterVersions }: KeyHistory): Promise<Exported> {
  const isForeign = recordOf(key) === undefined && sequenceOf(key) === undefined;
  if (!object || isForeign) return { line: { key, laterVersions: [...laterVersions] } };
  const { versionId = '', lastModified = '' } = object;
  const line = (sha256: string, retention: Retention): ListingLine => ({
    key,
    object: { versionId, lastModified, sha256, retention },
    laterVersions: [...laterVersions],
  });
  const path = join(folder, key);
  const existing = await readIfExists(path);
  if (existing) {
    const { sha256, retention } = await bucket.head(object);
    if (sha256 === hash(existing)) return { line: line(sha256, retention), bytes: existing };
  }
  const content = await bucket.open(object);
  if (!content) return { line: { key, laterVersions: [...laterVersions] } };
  const { bytes, retention } = content;
  if (!existing) await write(folder, key, bytes);
  else if (!existing.equals(bytes))
    throw new Error(`${path} differs from the object in the bucket. Find out why, or export to another folder.`);
  return { line: line(hash(bytes), retention), bytes, ...(!existing && { downloaded: true }) };
}

async function readIfExists(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Adds new keys to those of an earlier export. */
async function addKeys(folder: string, pem: string): Promise<void> {
  const path = join(folder, EXPORT.publicKey);
  const existing = (await readIfExists(path))?.toString() ?? '';
  if (!pem.startsWith(existing))
    throw new Error(
      `${path} is not the public key of this vault's digests. Find out where it is from, and move it away.`,
    );
  if (existing !== pem) await write(folder, EXPORT.publicKey, pem);
}

const PARTS = '.export-parts';

/** Writes a file completely or not at all, even if the export is interrupted. */
async function write(folder: string, key: string, content: Uint8Array | string): Promise<void> {
  const [path, part] = [join(folder, key), join(folder, PARTS, key.replaceAll('/', '_'))];
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, content);
  await mkdir(dirname(path), { recursive: true });
  await rename(part, path);
}
