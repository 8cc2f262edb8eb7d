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

/** The result of one run. */
export interface Summary {
  readonly digests: number;
  readonly records: number;
  /** The number of missing records and of other objects under the key of a record. */
  readonly faults: number;
}

/** The object under the key of a digest is not signed by this hub, or does not follow the digest before it. */
class DigestConflict extends Error {
  override readonly name = 'DigestConflict';
}

/** Writes digests until they hold every record; at least one, also without records. */
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
 * Writes the next digest. Only one run can write a number in the vault. A second run starts again from the digest of the
 * first, so no record is in two digests.
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

/** Marks every digest that an earlier run wrote but did not mark. Returns the last digest. */
async function catchUp(ports: DigestPorts): Promise<StoredDigest | undefined> {
  const marked = await ports.table.marked();
  // The table only suggests the start. If it names a digest that does not exist, every digest is read again.
  let last = marked > 0 ? await digestAt(ports, marked) : undefined;
  for (;;) {
    const next = await digestAt(ports, (last?.digest.sequence ?? 0) + 1, last);
    if (!next) return last;
    await mark(ports, next.digest);
    last = next;
  }
}

/** Reads the digest with a number. It must be signed by this hub and follow the digest before it. */
async function digestAt(
  { vault, signer }: DigestPorts,
  sequence: number,
  before?: StoredDigest,
): Promise<StoredDigest | undefined> {
  const key = digestKey(sequence);
  const file = await vault.read(key);
  if (file === undefined) return undefined;
  const signed = parsed(file);
  if (!signed || !(await signer.signed(signed)))
    throw new DigestConflict(`${key} in the vault is not signed with the key of this hub. Keep it and investigate.`);
  const { digest } = signed;
  const follows = !before || digest.previous === before.sha256;
  if (digest.sequence !== sequence || digest.vault !== vault.name || !follows)
    throw new DigestConflict(`${key} in the vault does not follow the digest before it. Keep both and investigate.`);
  return { digest, sha256: sha256(file) };
}

/** Parses the file of a digest; the signature is verified later. */
function parsed(file: string): SignedDigest | undefined {
  try {
    const signed = JSON.parse(file);
    return signed?.digest && typeof signed.signature === 'string' ? signed : undefined;
  } catch {
    return undefined;
  }
}

/** Marks the content of a digest in the table. Marking it twice changes nothing. */
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
