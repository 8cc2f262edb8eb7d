import type { KeyObject } from 'node:crypto';
import { DigestChain, type TrustedDigest } from './digest-chain.ts';
import { type AuditSource, withContent } from './evidence-source.ts';
import { ExecutionChains } from './execution-chains.ts';
import { mapConcurrent } from './map-concurrent.ts';
import { notesOf } from './notes.ts';
import { LockChecks } from './object-lock.ts';
import { readDigest } from './read-digest.ts';
import { recordOf } from './record-keys.ts';
import type { Finding, Span, Verification } from './verification.ts';
import { RecordChecks } from './verify-records.ts';

/** The options of a verification. */
export interface VerifyOptions {
  /** The public keys of the signing keys; keys in the source are not trusted. */
  readonly keys: readonly KeyObject[];
  readonly now: Date;
  /** The age of the last digest, in milliseconds, above which a note reports it. */
  readonly maxAge: number;
  /** The SHA-256 of a digest, from a source other than the evidence; a trusted digest must have it. */
  readonly expect?: string;
  /** The name of the vault, where the source does not name it. */
  readonly vault?: string;
  /** The number of objects to read at once. */
  readonly width?: number;
}

/**
 * Verifies the evidence in a source by its digests and the public keys.
 * @example
 * ```ts
 * const key = createPublicKey(readFileSync('evenkeel.pem'));
 * const { verdict, findings } = await verify(await openFolder('./evidence'), { keys: [key], now: new Date(), maxAge: 10_800_000 });
 * ```
 */
export async function verify(source: AuditSource, options: VerifyOptions): Promise<Verification> {
  const { keys, now, width = 32 } = options;
  const findings: Finding[] = [];
  const report = (finding: Finding) => {
    const { key, kind } = findings.at(-1) ?? {};
    if (key !== finding.key || kind !== finding.kind) findings.push(finding); // one reason is enough
  };
  const asOf = source.asOf ?? now;
  const locks = new LockChecks(asOf, report);
  const chain = new DigestChain(keys, locks, report);
  chain.vault = options.vault;
  await chain.read(source);
  const { expect } = options;
  if (expect && !chain.trusted.some(({ sha256 }) => sha256 === expect))
    report({ kind: 'missing', key: 'digests/', sentence: `No trusted digest has the expected SHA-256 ${expect}.` });
  const executions = new ExecutionChains(report);
  const records = new RecordChecks({ chain, locks, executions, asOf }, report);
  const opened = mapConcurrent(source.histories('evidence/'), width, (history) => withContent(source, history));
  for await (const one of opened) records.check(one);
  await reportMissing(source, chain, keys, executions, report);
  executions.end((chain.trusted[0]?.sequence ?? 1) > 1);
  const last = chain.trusted.at(-1);
  return {
    schema: 'evenkeel.verification/v1',
    verdict: findings.length > 0 ? 'broken' : last ? 'complete' : 'unverified',
    source: source.name,
    vault: chain.vault ?? null,
    at: now.toISOString(),
    records: records.count,
    digests: chain.trusted.length,
    complete: spans(chain.trusted, findings),
    lastDigest: last ? { sequence: last.sequence, at: last.at, until: last.until, sha256: last.sha256 } : null,
    lockedUntil: locks.lockedUntil,
    findings,
    notes: notesOf({
      source,
      chain,
      locks,
      executions,
      records,
      others: (await source.countOthers?.()) ?? 0,
      ...options,
    }),
  };
}

/** Reports the records that digests list and that the source does not have; each keeps its place in its execution. */
async function reportMissing(
  source: AuditSource,
  { records, trusted, missing }: DigestChain,
  keys: readonly KeyObject[],
  executions: ExecutionChains,
  report: (finding: Finding) => void,
): Promise<void> {
  const add = (key: string, sha256: string, digest: number, sentence: string) => {
    report({ kind: 'missing', key, digest, sentence });
    const place = recordOf(key);
    if (place) executions.add(place.execution, { key, n: place.n, sha256, digested: true });
  };
  for (const { object, sequence } of records.notFound > 0 ? trusted : []) {
    const read = readDigest((await source.open(object))?.bytes ?? new Uint8Array(), sequence, keys);
    if ('kind' in read)
      throw new Error(`${object.key} changed during the verification. Make sure that nothing writes there and retry.`);
    for (const { key, sha256 } of read.digest.records)
      if (records.isNotFound(key, sequence)) add(key, sha256, sequence, `Digest ${sequence} lists it.`);
  }
  for (const { key, sha256, registeredAt, digest } of missing.values())
    add(key, sha256, digest, `It was registered at ${registeredAt} and never reached the vault.`);
}

/** Consecutive digests without a finding in them or in the records that they list. */
function spans(trusted: readonly TrustedDigest[], findings: readonly Finding[]): Span[] {
  const broken = new Set(findings.map(({ digest }) => digest));
  const found: Span[] = [];
  let before: TrustedDigest | undefined;
  for (const digest of trusted) {
    const { sequence, until } = digest;
    const span = found.at(-1);
    if (broken.has(sequence)) {
      // A broken digest ends the span before it; its own `until` starts the next one.
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
