import { sha256 } from '../../model/canonical.ts';
import { plusDays } from '../../model/time.ts';
import { type EvidenceRecord, seal } from '../record.ts';
import { evidenceReader } from '../schema.ts';
import type { EvidenceSource, StoredObject } from '../verify/evidence-source.ts';
import { mapConcurrent } from '../verify/map-concurrent.ts';
import { dayPrefix, recordOf } from '../verify/record-keys.ts';

/** The period of a report: whole days in UTC, with the first and the last. */
export interface Period {
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
}

/** The days of a period, in order. */
function* daysOf({ from, to }: Period): Generator<string> {
  for (let day = from; day <= to; day = plusDays(day, 1)) yield day;
}

/** The last moment of a period. */
export const endOf = ({ to }: Period): string => `${to}T23:59:59.999Z`;

/** A record with its key, its exact bytes and their hash. */
export interface ReadRecord {
  readonly key: string;
  readonly bytes: Uint8Array;
  readonly sha256: string;
  readonly record: EvidenceRecord;
}

/** The records of one execution, in order. */
export type ExecutionRecords = readonly [ReadRecord, ...ReadRecord[]];

/** An object under a record's key that is not a record; the report lists it but does not count it. */
export interface UnreadableRecord {
  readonly key: string;
  readonly reason: string;
}

/** The number of reads at once; S3 takes about 20 ms for each. */
const WIDTH = 32;
/** The maximum duration of an execution in days; an approval request is open for at most 30. */
const MAX_DAYS = 31;

/** Reads one record, or returns the reason why it is not valid. */
async function readRecord(source: EvidenceSource, object: StoredObject): Promise<ReadRecord | UnreadableRecord> {
  const { key } = object;
  if (!recordOf(key)) return { key, reason: 'its key is not the key of a record' };
  const bytes = await source.read(object);
  if (!bytes) return { key, reason: 'it was removed during the read, or is larger than any record' };
  const text = textOf(bytes);
  if (text === undefined) return { key, reason: 'not valid UTF-8' };
  const parsed = evidenceReader.safeParse(jsonIn(text));
  if (!parsed.success) return { key, reason: parsed.error.issues[0]?.message ?? 'not an evidence record' };
  if (seal(parsed.data).key !== key) return { key, reason: 'its content belongs under another key' };
  return { key, bytes, sha256: sha256(text), record: parsed.data };
}

// The decoded text must have exactly these bytes; every other file is rejected.
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
 * Reads every execution with a record in a period, including its records of the month before, and without later records. In memory
 * are only the execution being read and those that did not end on the day of their first record.
 */
export async function* executionsIn(
  source: EvidenceSource,
  period: Period,
  report: (record: UnreadableRecord) => void,
): AsyncGenerator<ExecutionRecords> {
  const open = new Map<string, readonly ReadRecord[]>();
  for (const day of daysOf(period))
    for await (const [execution, found] of byExecution(source, dayPrefix(day), report)) {
      const before = open.get(execution) ?? (await earlierRecords(source, found, day, report));
      const records = sorted([...before, ...found]);
      if (records.some(({ record }) => record.outcome)) {
        open.delete(execution);
        yield records;
      } else open.set(execution, records);
    }
  for (const records of open.values()) yield sorted(records);
}

/** Reads the records under a prefix, grouped by execution; the order of keys keeps those of one execution together. */
async function* byExecution(
  source: EvidenceSource,
  prefix: string,
  report: (record: UnreadableRecord) => void,
): AsyncGenerator<[string, readonly ReadRecord[]]> {
  let group: ReadRecord[] = [];
  for await (const read of mapConcurrent(source.list(prefix), WIDTH, (object) => readRecord(source, object))) {
    if ('reason' in read) {
      report(read);
      continue;
    }
    const [first] = group;
    if (first && first.record.execution !== read.record.execution) {
      yield [first.record.execution, group];
      group = [];
    }
    group.push(read);
  }
  const [first] = group;
  if (first) yield [first.record.execution, group];
}

/** Reads the records of an execution from before the period. */
async function earlierRecords(
  source: EvidenceSource,
  found: readonly ReadRecord[],
  day: string,
  report: (record: UnreadableRecord) => void,
): Promise<readonly ReadRecord[]> {
  const first = Math.min(...found.map(({ record }) => record.n));
  const [one] = found;
  const records: ReadRecord[] = [];
  for (let back = 1; one && records.length < first - 1 && back <= MAX_DAYS; back++) {
    const { account } = one.record.target;
    const prefix = `${dayPrefix(plusDays(day, -back))}${account}/${one.record.execution}/`;
    for await (const [, more] of byExecution(source, prefix, report)) records.push(...more);
  }
  return records;
}

/** Sorts records by their numbers. */
function sorted(records: readonly ReadRecord[]): ExecutionRecords {
  const [first, ...more] = records.toSorted((a, b) => a.record.n - b.record.n);
  if (!first) throw new RangeError('An execution has at least one record.');
  return [first, ...more];
}

/**
 * Finds an execution by its id, in the months before and after a day, or in the whole vault, which takes as long as listing it.
 * Undefined if there is none.
 */
export async function findExecution(
  source: EvidenceSource,
  execution: string,
  day: string | undefined,
  report: (record: UnreadableRecord) => void,
): Promise<ExecutionRecords | undefined> {
  const prefixes = day
    ? [...daysOf({ from: plusDays(day, -MAX_DAYS), to: plusDays(day, MAX_DAYS) })].map(dayPrefix)
    : ['evidence/'];
  const records: ReadRecord[] = [];
  for (const prefix of prefixes)
    for await (const object of source.list(prefix)) {
      if (recordOf(object.key)?.execution !== execution) continue;
      const read = await readRecord(source, object);
      if ('reason' in read) report(read);
      else records.push(read);
    }
  return records.length === 0 ? undefined : sorted(records);
}
