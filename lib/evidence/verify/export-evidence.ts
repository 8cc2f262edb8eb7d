import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { sha256 as hash } from '../../model/canonical.ts';
import type { Bucket } from './bucket-source.ts';
import { EXPORT, type ExportHeader, type Line, readHeader } from './export-listing.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { recordOf, sequenceOf } from './record-keys.ts';
import type { Holding, Retention } from './source.ts';
import { Selection, type Window } from './window.ts';

/** What an export brings where, and how. */
export interface ExportOptions extends Window {
  readonly bucket: Bucket;
  readonly folder: string;
  readonly now: Date;
  /** Gives the public half of a KMS key as PEM. */
  publicKey(arn: string): Promise<string>;
  /** How many objects are brought at once. */
  readonly width?: number;
}

/** What an export did. */
export interface ExportResult {
  readonly objects: number;
  /** Objects that were not in the folder already. */
  readonly brought: number;
  /** The keys that signed the digests. */
  readonly keys: readonly string[];
}

/** Brings evidence into a folder that is laid out as the bucket; what is there already and is the same is left alone. */
export async function exportEvidence(options: ExportOptions): Promise<ExportResult> {
  const { bucket, folder, now, from, to, publicKey } = options;
  await mkdir(folder, { recursive: true });
  await refuseOther(folder, { vault: bucket.vault, from, to });
  const selection = new Selection({ from, to });
  const listing = join(folder, EXPORT.objects);
  const done = { objects: 0, brought: 0 };
  await pipeline(Readable.from(lines(options, selection, done)), createWriteStream(`${listing}.part`));
  const keys = [...selection.keys];
  if (keys.length > 0) await putKeys(folder, (await Promise.all(keys.map(publicKey))).join(''));
  await rename(`${listing}.part`, listing);
  const header: ExportHeader = {
    schema: 'evenkeel.export/v1',
    vault: bucket.vault,
    at: now.toISOString(),
    from: from ?? null,
    to: to ?? null,
    objects: done.objects,
  };
  await writeFile(join(folder, EXPORT.header), `${JSON.stringify(header, undefined, 2)}\n`);
  await rm(join(folder, PARTS), { recursive: true, force: true });
  return { ...done, keys };
}

/** One folder holds one vault's evidence of one time. */
async function refuseOther(folder: string, wanted: { vault: string } & Window): Promise<void> {
  const header = await readHeader(folder);
  if (!header) return;
  const { vault, from, to } = header;
  if (vault === wanted.vault && from === (wanted.from ?? null) && to === (wanted.to ?? null)) return;
  const days = `from ${from ?? 'the beginning'} to ${to ?? 'the end'}`;
  throw new Error(`${folder} holds an export of ${vault} ${days}; name another folder, or ask for the same.`);
}

/** Brings the digests, and then the records, and gives the lines of the listing in the same order. */
async function* lines(
  { bucket, folder, now, to, width = 16 }: ExportOptions,
  selection: Selection,
  done: { objects: number; brought: number },
): AsyncGenerator<string> {
  const one = (holding: Holding) => bring(bucket, folder, holding);
  const told = ({ line, brought }: Brought) => {
    done.objects++;
    if (brought) done.brought++;
    return `${JSON.stringify(line)}\n`;
  };
  // One at a time where not all are needed: what was brought ahead would stand in no line.
  for await (const digest of mapConcurrent(selection.digests(bucket), to ? 1 : 4, one)) {
    yield told(digest);
    if (digest.bytes) selection.take(digest.bytes);
    if (selection.complete) break;
  }
  for await (const record of mapConcurrent(selection.records(bucket, now), width, one)) yield told(record);
}

interface Brought {
  readonly line: Line;
  /** What the folder now holds; undefined for what was only listed. */
  readonly bytes?: Uint8Array;
  /** It was not there before. */
  readonly brought?: true;
}

/** Brings one object, unless it is there; what has no place in a vault, or is too large for it, is only listed. */
async function bring(bucket: Bucket, folder: string, { key, object, intruders }: Holding): Promise<Brought> {
  const strange = recordOf(key) === undefined && sequenceOf(key) === undefined;
  if (!object || strange) return { line: { key, intruders: [...intruders] } };
  const { versionId = '', lastModified = '' } = object;
  const line = (sha256: string, retention: Retention): Line => ({
    key,
    object: { versionId, lastModified, sha256, retention },
    intruders: [...intruders],
  });
  const path = join(folder, key);
  const here = await readIfThere(path);
  if (here) {
    const { sha256, retention } = await bucket.peek(object);
    if (sha256 === hash(here)) return { line: line(sha256, retention), bytes: here };
  }
  const content = await bucket.open(object);
  if (!content) return { line: { key, intruders: [...intruders] } };
  const { bytes, retention } = content;
  if (!here) await put(folder, key, bytes);
  else if (!here.equals(bytes))
    throw new Error(`${path} is not what the bucket holds: keep it and find out why, or export into another folder.`);
  return { line: line(hash(bytes), retention), bytes, ...(!here && { brought: true }) };
}

async function readIfThere(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Adds keys to those that an earlier export brought, and takes none away. */
async function putKeys(folder: string, pem: string): Promise<void> {
  const path = join(folder, EXPORT.publicKey);
  const here = (await readIfThere(path))?.toString() ?? '';
  if (!pem.startsWith(here))
    throw new Error(`${path} is not the key that signs this vault's digests: find out whose it is, and move it away.`);
  if (here !== pem) await put(folder, EXPORT.publicKey, pem);
}

const PARTS = '.export-parts';

/** A file is there whole or not at all, also when the export is broken off. */
async function put(folder: string, key: string, content: Uint8Array | string): Promise<void> {
  const [path, part] = [join(folder, key), join(folder, PARTS, key.replaceAll('/', '_'))];
  await mkdir(dirname(part), { recursive: true });
  await writeFile(part, content);
  await mkdir(dirname(path), { recursive: true });
  await rename(part, path);
}
