import { sha256 } from '../../model/canonical.ts';
import { plusDays } from '../../model/time.ts';
import { type EvidenceRecord, seal } from '../record.ts';
import { evidenceSchema } from '../schema.ts';
import { mapConcurrent } from '../verify/map-concurrent.ts';
import { dayPrefix, recordOf } from '../verify/record-keys.ts';
import type { EvidenceSource, StoredObject } from '../verify/source.ts';
import { daysOf, type Period } from './period.ts';

/** A record as it was read: where it lay, its exact bytes and their hash. */
export interface ReadRecord {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly record: EvidenceRecord;
}

/** The records of one execution, in their own order. */
export type Records = readonly [ReadRecord, ...ReadRecord[]];

/** Something in a record's place that is none; it is counted nowhere, and named. */
export interface Unreadable {
  readonly key: string;
  readonly because: string;
}

/** Reads under way at once: S3 takes some 20 ms for each. */
const WIDTH = 32;
/** Days that an execution can go back: an approval is waited for during 30 at most. */
const REACH = 31;

/** Reads one record, or says why it is none. */
async function readRecord(source: EvidenceSource, object: StoredObject): Promise<ReadRecord | Unreadable> {
  const { key } = object;
  if (!recordOf(key)) return { key, because: 'no record is named so' };
  const bytes = await source.read(object);
  if (!bytes) return { key, because: 'it went while it was read, or is too large for a record' };
  const text = textOf(bytes);
  if (text === undefined) return { key, because: 'it is no text in UTF-8' };
  const parsed = evidenceSchema.safeParse(jsonIn(text));
  if (!parsed.success) return { key, because: parsed.error.issues[0]?.message ?? 'it is no evidence record' };
  if (seal(parsed.data).key !== key) return { key, because: 'it is the record of another place' };
  return { key, bytes, sha256: sha256(text), record: parsed.data };
}

// Text and bytes are the same thing: whatever does not decode to a text of exactly these bytes is refused.
const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return UTF8.decode(bytes);
  } catch {
    return undefined;
  }
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * Every execution that a period has records of, whole: also what it recorded up to a month before, nothing of what came later. In
 * memory are only those of one account's moment and those that had not ended by the end of a day.
 */
export async function* executionsIn(
  source: EvidenceSource,
  period: Period,
  unreadable: (fault: Unreadable) => void,
): AsyncGenerator<Records> {
  const waiting = new Map<string, readonly ReadRecord[]>();
  for (const day of daysOf(period))
    for await (const [execution, found] of byExecution(source, dayPrefix(day), unreadable)) {
      const before = waiting.get(execution) ?? (await earlier(source, found, day, unreadable));
      const records = inOrder([...before, ...found]);
      if (records.some(({ record }) => record.outcome)) {
        waiting.delete(execution);
        yield records;
      } else waiting.set(execution, records);
    }
  for (const records of waiting.values()) yield inOrder(records);
}

/** The records of one prefix, gathered by execution: the order of keys keeps those of one execution together. */
async function* byExecution(
  source: EvidenceSource,
  prefix: string,
  unreadable: (fault: Unreadable) => void,
): AsyncGenerator<[string, readonly ReadRecord[]]> {
  let gathered: ReadRecord[] = [];
  for await (const read of mapConcurrent(source.list(prefix), WIDTH, (object) => readRecord(source, object))) {
    if ('because' in read) {
      unreadable(read);
      continue;
    }
    const [first] = gathered;
    if (first && first.record.execution !== read.record.execution) {
      yield [first.record.execution, gathered];
      gathered = [];
    }
    gathered.push(read);
  }
  const [first] = gathered;
  if (first) yield [first.record.execution, gathered];
}

/** What an execution recorded before the period began. */
async function earlier(
  source: EvidenceSource,
  found: readonly ReadRecord[],
  day: string,
  unreadable: (fault: Unreadable) => void,
): Promise<readonly ReadRecord[]> {
  const first = Math.min(...found.map(({ record }) => record.n));
  const [one] = found;
  const records: ReadRecord[] = [];
  for (let back = 1; one && records.length < first - 1 && back <= REACH; back++) {
    const { account } = one.record.target;
    const prefix = `${dayPrefix(plusDays(day, -back))}${account}/${one.record.execution}/`;
    for await (const [, more] of byExecution(source, prefix, unreadable)) records.push(...more);
  }
  return records;
}

/** Sorted by their numbers. */
function inOrder(records: readonly ReadRecord[]): Records {
  const [first, ...more] = records.toSorted((a, b) => a.record.n - b.record.n);
  if (!first) throw new RangeError('An execution without records is none.');
  return [first, ...more];
}

/**
 * The one execution with an id; on a day and the month around it where one is known, else wherever it lies, which takes as long
 * as listing the whole vault. Undefined where there is none.
 */
export async function findExecution(
  source: EvidenceSource,
  execution: string,
  day: string | undefined,
  unreadable: (fault: Unreadable) => void,
): Promise<Records | undefined> {
  const prefixes = day
    ? [...daysOf({ from: plusDays(day, -REACH), to: plusDays(day, REACH) })].map(dayPrefix)
    : ['evidence/'];
  const records: ReadRecord[] = [];
  for (const prefix of prefixes)
    for await (const object of source.list(prefix)) {
      if (recordOf(object.key)?.execution !== execution) continue;
      const read = await readRecord(source, object);
      if ('because' in read) unreadable(read);
      else records.push(read);
    }
  return records.length === 0 ? undefined : inOrder(records);
}
