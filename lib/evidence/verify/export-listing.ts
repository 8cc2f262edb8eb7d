import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { KeyHistory } from './evidence-source.ts';
import { compareKeys } from './record-keys.ts';

/** The files that an export adds to the objects. */
export const EXPORT = { header: 'export.json', objects: 'export-objects.jsonl', publicKey: 'public-key.pem' } as const;

const header = z.strictObject({
  schema: z.literal('evenkeel.export/v1'),
  /** The bucket. */
  vault: z.string(),
  /** The start of the export; objects that were written later may be missing. */
  at: z.iso.datetime(),
  /** The first and last day of the export; null if not limited. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  objects: z.number().int(),
});

/** The header of an export. */
export type ExportHeader = z.output<typeof header>;

const line = z.strictObject({
  key: z.string(),
  object: z
    .strictObject({
      versionId: z.string(),
      lastModified: z.string(),
      sha256: z.string(),
      retention: z.union([
        z.strictObject({ mode: z.string(), until: z.string() }),
        z.literal('none'),
        z.literal('unknown'),
      ]),
    })
    .optional(),
  laterVersions: z.array(
    z.strictObject({
      versionId: z.string(),
      lastModified: z.string(),
      kind: z.enum(['version', 'delete-marker']),
    }),
  ),
});

/** One line of the listing: all versions under one key at the time of the export. */
export type ListingLine = z.output<typeof line>;

/** Reads the header of an export; undefined if the folder has none. */
export async function readHeader(folder: string): Promise<ExportHeader | undefined> {
  const path = join(folder, EXPORT.header);
  if (!existsSync(path)) return undefined;
  const { data } = header.safeParse(parse(await readFile(path, 'utf8')));
  if (!data) throw new Error(`${path} is not a valid header of an export. Export to a new folder.`);
  return data;
}

/** Reads the lines of a listing whose keys have a prefix, in order of the keys; yields nothing if there is no listing. */
export async function* readLines(path: string, prefix = ''): AsyncGenerator<ListingLine> {
  if (!existsSync(path)) return;
  let before = '';
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const { data } = line.safeParse(parse(text));
    const where = `Line ${number} of ${path}`;
    if (!data) throw new Error(`${where} is not a valid line of an export. Export to a new folder.`);
    if (compareKeys(data.key, before) <= 0) throw new Error(`${where} is out of order. Export to a new folder.`);
    before = data.key;
    if (data.key.startsWith(prefix)) yield data;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema rejects it
  }
}

/** Merges two streams that are in order of their keys: yields the items of each key together. */
export async function* merge<A extends Keyed, B extends Keyed>(
  left: AsyncIterable<A>,
  right: AsyncIterable<B>,
): AsyncGenerator<readonly [A | undefined, B | undefined]> {
  const [as, bs] = [left[Symbol.asyncIterator](), right[Symbol.asyncIterator]()];
  let [a, b] = [await as.next(), await bs.next()];
  while (!a.done || !b.done) {
    const order = a.done ? 1 : b.done ? -1 : compareKeys(a.value.key, b.value.key);
    yield [order <= 0 ? a.value : undefined, order >= 0 ? b.value : undefined];
    if (order <= 0) a = await as.next();
    if (order >= 0) b = await bs.next();
  }
}

type Keyed = Pick<KeyHistory, 'key'>;
