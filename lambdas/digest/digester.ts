import {
  BEGINNING,
  type Digest,
  digestKey,
  nextDigest,
  type SignedDigest,
  type StoredDigest,
} from '../../lib/evidence/digest.ts';
import { recordAt } from '../../lib/evidence/record.ts';
import { canonical, sha256 } from '../../lib/model/canonical.ts';
import { type Bounds, collect, PATIENCE_MS } from './collect.ts';
import type { DigestPorts } from './digest-ports.ts';
import { AT_ONCE, inGroups } from './groups.ts';

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

/** Makes one digest after the other until everything is in one; at least one, also when nothing happened. */
export async function digestAll(ports: DigestPorts, bounds: Bounds): Promise<Summary> {
  const summary = { digests: 0, records: 0, faults: 0 };
  for (;;) {
    const made = await digestOnce(ports, bounds);
    if (made) {
      summary.digests++;
      summary.records += made.digest.records.length;
      summary.faults += made.digest.missing.length + made.digest.faults.length;
    }
    if (made?.complete || ports.now() > bounds.until) return summary;
  }
}

/**
 * The vault decides: what was collected after every standing digest was marked goes into the next number, which only one
 * run can write. Whoever comes second starts again from what the first one wrote, so that no record is in two digests.
 */
async function digestOnce(ports: DigestPorts, bounds: Bounds) {
  const { vault, signer, now } = ports;
  const last = await catchUp(ports);
  const settledBy = new Date(now() - PATIENCE_MS).toISOString();
  const { complete, findings } = await collect(ports, settledBy, bounds);
  const digest = nextDigest(
    last,
    { vault: vault.name, at: new Date(now()).toISOString(), until: complete ? settledBy : BEGINNING },
    findings,
  );
  if (!(await vault.add(digestKey(digest.sequence), canonical(await signer.sign(digest))))) return undefined;
  await mark(ports, digest);
  return { digest, complete };
}

/** Marks every digest that a run wrote and did not come to mark; answers the last one. */
async function catchUp(ports: DigestPorts): Promise<StoredDigest | undefined> {
  const marked = await ports.table.marked();
  // The table only hints at where to begin: where it names a digest that does not stand, all are gone through again.
  let last = marked > 0 ? await standing(ports, marked) : undefined;
  for (;;) {
    const next = await standing(ports, (last?.digest.sequence ?? 0) + 1, last);
    if (!next) return last;
    await mark(ports, next.digest);
    last = next;
  }
}

/** The digest with a number, which must be ours and follow the one before it. */
async function standing(
  { vault, signer }: DigestPorts,
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
    const signed = JSON.parse(file);
    return signed?.digest && typeof signed.signature === 'string' ? signed : undefined;
  } catch {
    return undefined;
  }
}

/** Notes in the table what a digest says; doing it again changes nothing. */
async function mark({ table }: DigestPorts, { sequence, records, missing }: Digest): Promise<void> {
  for (const group of inGroups(AT_ONCE, [...byExecution(records)]))
    await Promise.all(group.map(([id, numbers]) => table.markDigested(id, numbers)));
  for (const group of inGroups(AT_ONCE, [...byExecution(missing)]))
    await Promise.all(group.map(([id, numbers]) => table.markMissed(id, numbers)));
  await table.noteMarked(sequence);
}

function byExecution(entries: readonly { readonly key: string }[]): Map<string, number[]> {
  const numbers = new Map<string, number[]>();
  for (const { key } of entries) {
    const { execution, n } = recordAt(key);
    numbers.set(execution, [...(numbers.get(execution) ?? []), n]);
  }
  return numbers;
}
