import {
  BEGINNING,
  type Digest,
  digestKey,
  type Findings,
  nextDigest,
  type SignedDigest,
  type StoredDigest,
} from '../../lib/digest.ts';
import { canonical, recordAt, sha256 } from '../../lib/evidence.ts';
import { inGroups } from './groups.ts';
import type { Execution } from './ledger.ts';

/** One version under a record's key; a delete marker has no hash, nor has an object that was stored without one. */
export interface Version {
  readonly versionId: string;
  readonly deleted: boolean;
  readonly sha256: string | null;
}

/** The state table, as far as digests are about it. */
export interface Register {
  /** Ids of executions that have records in no digest, in pages; what was registered just now may not show yet. */
  undigested(): AsyncIterable<readonly string[]>;
  execution(id: string): Promise<Pick<Execution, 'records' | 'digested' | 'missed'> | undefined>;
  /** Notes that records are in a digest, and shows the execution no more once all are. */
  markDigested(id: string, records: readonly number[]): Promise<void>;
  /** Notes that a digest called records missing. */
  markMissed(id: string, records: readonly number[]): Promise<void>;
  /** Shows an execution no more, unless it has registered more than so many records. */
  conceal(id: string, records: number): Promise<void>;
  /** The last digest that is known to be marked throughout; 0 where none is. */
  marked(): Promise<number>;
  noteMarked(sequence: number): Promise<void>;
}

/** The vault, as far as digests are about it. */
export interface DigestVault {
  readonly name: string;
  /** Every version under a key, oldest first. */
  versions(key: string): Promise<readonly Version[]>;
  read(key: string): Promise<string | undefined>;
  /** Writes what nobody has written yet; answers false where something stands there. */
  add(key: string, body: string): Promise<boolean>;
}

/** Signs digests, and knows its own signature. */
export interface Signer {
  sign(digest: Digest): Promise<SignedDigest>;
  signed(file: SignedDigest): Promise<boolean>;
}

/** Everything that digests are made of; each call may fail or be the last one, and no record is left out by it. */
export interface Surroundings {
  readonly register: Register;
  readonly vault: DigestVault;
  readonly signer: Signer;
  now(): number;
}

/** When a run is to stop. */
export interface Bounds {
  /** Records in one digest, about. */
  readonly records: number;
  /** Epoch milliseconds after which no further digest is begun. */
  readonly until: number;
}

/** What one run came to. */
export interface Summary {
  readonly digests: number;
  readonly records: number;
  /** What is missing, and what stands in a record's place. */
  readonly faults: number;
}

/** Something that we did not sign stands where a digest belongs, or one that does not follow the one before it. */
class DigestConflict extends Error {
  override readonly name = 'DigestConflict';
}

/**
 * How long a writer may take from a record's own `at` to its object in the vault, with every retry, and the table's index to
 * show it: a record older than that is either seen by a run or missing.
 */
export const PATIENCE_MS: number = 15 * 60 * 1000;
const AT_ONCE = 32;

/** Makes one digest after the other until everything is in one; at least one, also when nothing happened. */
export async function digestAll(world: Surroundings, bounds: Bounds): Promise<Summary> {
  const summary = { digests: 0, records: 0, faults: 0 };
  for (;;) {
    const made = await digestOnce(world, bounds);
    if (made) {
      summary.digests++;
      summary.records += made.digest.records.length;
      summary.faults += made.digest.missing.length + made.digest.faults.length;
    }
    if (made?.complete || world.now() > bounds.until) return summary;
  }
}

/**
 * The vault decides: what was collected after every standing digest was marked goes into the next number, which only one
 * run can write. Whoever comes second starts again from what the first one wrote, so that no record is in two digests.
 */
async function digestOnce(world: Surroundings, bounds: Bounds) {
  const { vault, signer, now } = world;
  const last = await catchUp(world);
  const settledBy = new Date(now() - PATIENCE_MS).toISOString();
  const { complete, findings } = await collect(world, settledBy, bounds);
  const digest = nextDigest(
    last,
    { vault: vault.name, at: new Date(now()).toISOString(), until: complete ? settledBy : BEGINNING },
    findings,
  );
  if (!(await vault.add(digestKey(digest.sequence), canonical(await signer.sign(digest))))) return undefined;
  await mark(world, digest);
  return { digest, complete };
}

/** Marks every digest that a run wrote and did not come to mark; answers the last one. */
async function catchUp(world: Surroundings): Promise<StoredDigest | undefined> {
  const marked = await world.register.marked();
  // The table only hints at where to begin: where it names a digest that does not stand, all are gone through again.
  let last = marked > 0 ? await standing(world, marked) : undefined;
  for (;;) {
    const next = await standing(world, (last?.digest.sequence ?? 0) + 1, last);
    if (!next) return last;
    await mark(world, next.digest);
    last = next;
  }
}

/** The digest with a number, which must be ours and follow the one before it. */
async function standing(
  { vault, signer }: Surroundings,
  sequence: number,
  before?: StoredDigest,
): Promise<StoredDigest | undefined> {
  const key = digestKey(sequence);
  const file = await vault.read(key);
  if (file === undefined) return undefined;
  const signed = parsed(file);
  if (!signed || !(await signer.signed(signed)))
    throw new DigestConflict(`${key} in the vault is not signed by our key; keep it, and find out who wrote it.`);
  const { digest } = signed;
  const follows = !before || digest.previous === before.sha256;
  if (digest.sequence !== sequence || digest.vault !== vault.name || !follows)
    throw new DigestConflict(`${key} in the vault does not follow the digest before it; keep both and investigate.`);
  return { digest, sha256: sha256(file) };
}

/** A digest's file; whether it is one, its signature says. */
function parsed(file: string): SignedDigest | undefined {
  try {
    const { digest, signature, ...rest } = JSON.parse(file);
    return digest && typeof signature === 'string' ? { digest, signature, ...rest } : undefined;
  } catch {
    return undefined;
  }
}

async function collect({ register, vault, now }: Surroundings, settledBy: string, bounds: Bounds) {
  const findings: Mutable<Findings> = { records: [], missing: [], faults: [] };
  const seen = new Set<string>();
  for await (const page of register.undigested())
    for (const group of inGroups(AT_ONCE, page)) {
      const fresh = group.filter((id) => !seen.has(id) && seen.add(id));
      for (const found of await Promise.all(fresh.map((id) => look(register, vault, id, settledBy)))) {
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

const NOTHING: Findings = { records: [], missing: [], faults: [] };

/** What is to be said of one execution that no digest said yet. */
async function look(register: Register, vault: DigestVault, id: string, settledBy: string): Promise<Findings> {
  const execution = await register.execution(id);
  if (!execution) return NOTHING;
  const { records, digested, missed } = execution;
  const open = records.map((record, index) => ({ ...record, n: index + 1 })).filter(({ n }) => !digested?.has(n));
  if (open.length === 0) await register.conceal(id, records.length); // a run died before it came to that
  const found = await Promise.all(
    open.map(async (record) => lookAt(record, await vault.versions(record.key), missed?.has(record.n), settledBy)),
  );
  return {
    records: found.flatMap((one) => one.records),
    missing: found.flatMap((one) => one.missing),
    faults: found.flatMap((one) => one.faults),
  };
}

/** The oldest version with the registered hash is the record; whatever else lies under its key is told. */
function lookAt(
  { key, sha256: registered, at }: Execution['records'][number],
  versions: readonly Version[],
  missed = false,
  settledBy: string,
): Findings {
  const record = versions.find((version) => version.sha256 === registered);
  const faults = versions
    .filter((version) => version !== record)
    .map(({ versionId, deleted, sha256: hash }) => ({
      key,
      versionId,
      fault: deleted ? ('delete marker' as const) : hash === registered ? ('repeated' as const) : ('differs' as const),
      sha256: hash,
    }));
  if (record) return { records: [{ key, versionId: record.versionId, sha256: registered }], missing: [], faults };
  const inFlight = versions.length === 0 && at >= settledBy;
  if (missed || inFlight) return NOTHING;
  return { records: [], missing: [{ key, sha256: registered, registeredAt: at }], faults };
}

/** Notes in the table what a digest says; doing it again changes nothing. */
async function mark({ register }: Surroundings, { sequence, records, missing }: Digest): Promise<void> {
  for (const group of inGroups(AT_ONCE, [...byExecution(records)]))
    await Promise.all(group.map(([id, numbers]) => register.markDigested(id, numbers)));
  for (const group of inGroups(AT_ONCE, [...byExecution(missing)]))
    await Promise.all(group.map(([id, numbers]) => register.markMissed(id, numbers)));
  await register.noteMarked(sequence);
}

function byExecution(entries: readonly { readonly key: string }[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { key } of entries) {
    const { execution, n } = recordAt(key);
    numbers.set(execution, [...(numbers.get(execution) ?? []), n]);
  }
  return numbers;
}
