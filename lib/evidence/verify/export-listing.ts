import { createReadStream, existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { compareKeys } from './record-keys.ts';
import type { Holding } from './source.ts';

/** The files of an export beside the objects themselves. */
export const EXPORT = { header: 'export.json', objects: 'export-objects.jsonl', publicKey: 'public-key.pem' } as const;

const header = z.strictObject({
  schema: z.literal('evenkeel.export/v1'),
  /** The bucket. */
  vault: z.string(),
  /** When the export was begun: what was written later may not be in it. */
  at: z.iso.datetime(),
  /** The days that were asked for; null where there was no limit. */
  from: z.iso.date().nullable(),
  to: z.iso.date().nullable(),
  objects: z.number().int(),
});

/** What an export says of itself. */
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
  intruders: z.array(
    z.strictObject({
      versionId: z.string(),
      lastModified: z.string(),
      kind: z.enum(['version', 'delete marker']),
    }),
  ),
});

/** Everything under one key as the bucket had it when it was exported; one line of the listing. */
export type Line = z.output<typeof line>;

/** Reads what an export says of itself; undefined where the folder is no export of ours. */
export async function readHeader(folder: string): Promise<ExportHeader | undefined> {
  const path = join(folder, EXPORT.header);
  if (!existsSync(path)) return undefined;
  const { data } = header.safeParse(parse(await readFile(path, 'utf8')));
  if (!data) throw new Error(`${path} is not as "evenkeel evidence export" writes it; export into a new folder.`);
  return data;
}

/** Reads the lines of a listing whose keys begin so, in order of the keys; nothing where there is no listing. */
export async function* readLines(path: string, prefix = ''): AsyncGenerator<Line> {
  if (!existsSync(path)) return;
  let before = '';
  let number = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const { data } = line.safeParse(parse(text));
    const where = `Line ${number} of ${path}`;
    if (!data) throw new Error(`${where} is not as "evenkeel evidence export" writes it; export into a new folder.`);
    if (compareKeys(data.key, before) <= 0) throw new Error(`${where} is out of order; export into a new folder.`);
    before = data.key;
    if (data.key.startsWith(prefix)) yield data;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the schema refuses it
  }
}

/** Goes through two streams that are in order of their keys, and yields what each has of a key. */
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

type Keyed = Pick<Holding, 'key'>;
