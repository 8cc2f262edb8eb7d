import type { DigestEntries } from '../../lib/evidence/digest.ts';
import type { Execution } from '../store/execution.ts';
import type { DigestPorts, DigestTable, DigestVault, Version } from './digest-ports.ts';
import { AT_ONCE, inGroups } from './groups.ts';

/** The limits of a run. */
export interface Bounds {
  /** The approximate number of records in one digest. */
  readonly records: number;
  /** The time after which no further digest starts, in epoch milliseconds. */
  readonly until: number;
}

/**
 * The longest time from a record's own `at` to its object in the vault and its entry in the index, with every retry. A run
 * finds each older record, or reports it as missing.
 */
export const PATIENCE_MS = 15 * 60 * 1000;

/** Collects the entries that no digest holds; `complete` is false if the limits stopped it. */
export async function collect({ table, vault, now }: DigestPorts, settledBy: string, bounds: Bounds) {
  const findings: Mutable<DigestEntries> = { records: [], missing: [], faults: [] };
  const seen = new Set<string>();
  for await (const page of table.undigested())
    for (const group of inGroups(AT_ONCE, page)) {
      const fresh = group.filter((id) => !seen.has(id) && seen.add(id));
      for (const found of await Promise.all(fresh.map((id) => entriesOf(table, vault, id, settledBy)))) {
        findings.records.push(...found.records);
        findings.missing.push(...found.missing);
        findings.faults.push(...found.faults);
      }
      const size = findings.records.length + findings.missing.length + findings.faults.length;
      if (size >= bounds.records || now() > bounds.until) return { findings, complete: false };
    }
  return { findings, complete: true };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer Item)[] ? Item[] : T[K] };

const NOTHING: DigestEntries = { records: [], missing: [], faults: [] };

/** The entries of one execution that no digest holds. */
async function entriesOf(
  table: DigestTable,
  vault: DigestVault,
  id: string,
  settledBy: string,
): Promise<DigestEntries> {
  const evidence = await table.evidence(id);
  if (!evidence) return NOTHING;
  const { records, digested, missed } = evidence;
  const open = records.map((record, index) => ({ ...record, n: index + 1 })).filter(({ n }) => !digested?.has(n));
  const found = await Promise.all(
    open.map(async (record) => entryOf(record, await vault.versions(record.key), missed?.has(record.n), settledBy)),
  );
  return {
    records: found.flatMap((one) => one.records),
    missing: found.flatMap((one) => one.missing),
    faults: found.flatMap((one) => one.faults),
  };
}

/** The oldest version with the registered hash is the record. Every other object under its key is reported. */
function entryOf(
  { key, sha256: registered, at }: Execution['evidence']['records'][number],
  versions: readonly Version[],
  missed = false,
  settledBy: string,
): DigestEntries {
  const record = versions.find((version) => version.sha256 === registered);
  const faults = versions
    .filter((version) => version !== record)
    .map(({ versionId, deleted, sha256: hash }) => ({
      key,
      versionId,
      fault: deleted ? ('delete-marker' as const) : hash === registered ? ('repeated' as const) : ('differs' as const),
      sha256: hash,
    }));
  if (record) return { records: [{ key, versionId: record.versionId, sha256: registered }], missing: [], faults };
  const inFlight = versions.length === 0 && at >= settledBy;
  if (missed || inFlight) return NOTHING;
  return { records: [], missing: [{ key, sha256: registered, registeredAt: at }], faults };
}
