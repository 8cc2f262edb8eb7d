import type { KeyObject } from 'node:crypto';
import { DigestChain, type TrustedDigest } from './digest-chain.ts';
import { Executions } from './execution-chains.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { notesOf } from './notes.ts';
import { LockChecks } from './object-lock.ts';
import { readDigest } from './read-digest.ts';
import { recordOf } from './record-keys.ts';
import { type AuditSource, openHolding } from './source.ts';
import type { Finding, Span, Verification } from './verification.ts';
import { Records } from './verify-records.ts';

/** How a verification is made. */
export interface VerifyOptions {
  /** The public halves of the keys that signed; nothing that the source itself says of keys is believed. */
  readonly keys: readonly KeyObject[];
  readonly now: Date;
  /** The age of the last digest in milliseconds from which on it is worth a note. */
  readonly maxAge: number;
  /** How many objects are read at once. */
  readonly width?: number;
}

/** Tells what of the evidence in a source is whole, by the digests and the keys alone. */
export async function verify(source: AuditSource, options: VerifyOptions): Promise<Verification> {
  const { keys, now, width = 32 } = options;
  const findings: Finding[] = [];
  const find = (finding: Finding) => {
    const { key, kind } = findings.at(-1) ?? {};
    if (key !== finding.key || kind !== finding.kind) findings.push(finding); // one reason is enough
  };
  const asOf = source.asOf ?? now;
  const custody = new LockChecks(asOf, find);
  const chain = new DigestChain(keys, custody, find);
  await chain.read(source);
  const executions = new Executions(find);
  const records = new Records({ chain, custody, executions, asOf }, find);
  const opened = mapConcurrent(source.holdings('evidence/'), width, (holding) => openHolding(source, holding));
  for await (const one of opened) records.take(one);
  await reportMissing(source, chain, keys, executions, find);
  executions.end((chain.trusted[0]?.sequence ?? 1) > 1);
  const last = chain.trusted.at(-1);
  return {
    schema: 'evenkeel.verification/v1',
    verdict: findings.length > 0 ? 'broken' : last ? 'complete' : 'unjudged',
    source: source.name,
    vault: chain.vault ?? null,
    at: now.toISOString(),
    records: records.count,
    digests: chain.trusted.length,
    complete: spans(chain.trusted, findings),
    lastDigest: last ? { sequence: last.sequence, at: last.at, until: last.until } : null,
    lockedUntil: custody.lockedUntil,
    findings,
    notes: notesOf({ source, chain, custody, executions, records, ...options }),
  };
}

/** Names the records that digests list and that are not there; each still holds its place in its execution. */
async function reportMissing(
  source: AuditSource,
  { records, trusted, missing }: DigestChain,
  keys: readonly KeyObject[],
  executions: Executions,
  find: (finding: Finding) => void,
): Promise<void> {
  const report = (key: string, sha256: string, digest: number, sentence: string) => {
    find({ kind: 'missing', key, digest, sentence });
    const place = recordOf(key);
    if (place) executions.add(place.execution, { key, n: place.n, sha256, digested: true });
  };
  for (const { object, sequence } of records.unmet > 0 ? trusted : []) {
    const read = readDigest((await source.open(object))?.bytes ?? new Uint8Array(), sequence, keys);
    if ('kind' in read) throw new Error(`${object.key} changed while it was read; nothing else may write there.`);
    for (const { key, sha256 } of read.digest.records)
      if (records.isUnmet(key, sequence)) report(key, sha256, sequence, `Digest ${sequence} lists it.`);
  }
  for (const { key, sha256, registeredAt, digest } of missing.values())
    report(key, sha256, digest, `It was registered at ${registeredAt} and has never reached the vault.`);
}

/** Digests in a row that nothing is wrong with, nor with the records that they list. */
function spans(trusted: readonly TrustedDigest[], findings: readonly Finding[]): Span[] {
  const broken = new Set(findings.map(({ digest }) => digest));
  const found: Span[] = [];
  let before: TrustedDigest | undefined;
  for (const digest of trusted) {
    const { sequence, until } = digest;
    const span = found.at(-1);
    if (broken.has(sequence)) {
      // It ends the span before it, and its own `until` begins the next.
    } else if (span?.last === sequence - 1) found[found.length - 1] = { ...span, last: sequence, until };
    else
      found.push({
        first: sequence,
        last: sequence,
        from: sequence === 1 ? null : before?.sequence === sequence - 1 ? before.until : until,
        until,
      });
    before = digest;
  }
  return found;
}
