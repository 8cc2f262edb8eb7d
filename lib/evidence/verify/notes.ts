import { pluralize } from '../../text/words.ts';
import type { DigestChain } from './digest-chain.ts';
import type { AuditSource } from './evidence-source.ts';
import type { ExecutionChains } from './execution-chains.ts';
import type { LockChecks } from './object-lock.ts';
import type { Note } from './verification.ts';
import type { RecordChecks } from './verify-records.ts';

interface Checked {
  readonly source: AuditSource;
  readonly chain: DigestChain;
  readonly locks: LockChecks;
  readonly executions: ExecutionChains;
  readonly records: RecordChecks;
  readonly now: Date;
  readonly maxAge: number;
  /** The name of the vault that the auditor expects. */
  readonly vault?: string;
  /** The number of files that are no part of the evidence. */
  readonly others: number;
}

/** Notes for the auditor about the limits of a verification. */
export function notesOf(checked: Checked): Note[] {
  return [...digestNotes(checked), ...recordNotes(checked), ...sourceNotes(checked), ...lockNotes(checked)];
}

function* digestNotes({ source, chain, now, maxAge }: Checked): Generator<Note> {
  const [first, last] = [chain.trusted[0], chain.trusted.at(-1)];
  if (!first || !last) {
    const sentence = 'No digest is signed by one of the given public keys, so nothing can be verified.';
    yield { kind: 'no-digest', sentence };
    return;
  }
  if (first.sequence > 1)
    yield {
      kind: 'starts-late',
      sentence: `The evidence starts at digest ${first.sequence}. Its link to digest ${first.sequence - 1} cannot be verified here.`,
    };
  const age = (source.asOf ?? now).getTime() - Date.parse(last.at);
  if (age > maxAge)
    yield {
      kind: 'old-digest',
      sentence: `The last digest is ${hours(age)} ${AGES[source.metadataSource]}.`,
    };
}

const AGES = {
  bucket: 'old. Later digests were removed, or the hub makes none',
  export: 'older than the export. Later digests were removed, or the hub makes none',
  none: 'old. Later digests were removed, the copy was made long ago, or the hub makes none',
} as const satisfies { readonly [S in AuditSource['metadataSource']]: string };

/** The limits that are due to the source itself. */
function* sourceNotes({ source, chain, vault, others }: Checked): Generator<Note> {
  if (source.vault === undefined && vault === undefined && chain.vault !== undefined)
    yield {
      kind: 'unnamed-vault',
      sentence: `The digests name the vault ${chain.vault}, and the source names none. Another hub with the same key could have made them. Name the vault with --vault.`,
    };
  if (others > 0)
    yield {
      kind: 'not-looked-at',
      sentence: `${pluralize(others, 'file')} outside evidence/ and digests/ ${others === 1 ? 'was' : 'were'} not looked at.`,
    };
}

const hours = (ms: number) => `${Math.round(ms / 360_000) / 10} hours`;

function* recordNotes({ executions, records }: Checked): Generator<Note> {
  yield* listNote('not-in-digest', records.pending, 'newer than the last digest. The next digest must list');
  yield* listNote('late', records.late, 'in the vault after a digest called %s missing. The next digest must list');
  yield* listNote('unproven', records.unproven, 'from a time whose digest is missing or not trusted. Nothing proves');
  if (executions.open > 0)
    yield {
      kind: 'open',
      sentence: `${pluralize(executions.open, 'execution')} ${executions.open === 1 ? 'is' : 'are'} not closed: in progress, or taken over by another execution.`,
    };
  if (executions.withoutStart > 0)
    yield {
      kind: 'starts-late',
      sentence: `${pluralize(executions.withoutStart, 'execution')} started before the first digest.`,
    };
}

/** A note on some records; `text` ends before the object "it" or "them", which also replaces `%s`. */
function listNote(kind: Note['kind'], keys: readonly string[], text: string): Note[] {
  const [verb, pronoun] = keys.length === 1 ? ['is', 'it'] : ['are', 'them'];
  const sentence = `${pluralize(keys.length, 'record')} ${verb} ${text.replace('%s', pronoun)} ${pronoun}.`;
  return keys.length === 0 ? [] : [{ kind, keys, sentence }];
}

function* lockNotes({ source, locks }: Checked): Generator<Note> {
  if (source.metadataSource === 'export')
    yield {
      kind: 'unproven-metadata',
      sentence:
        'Locks, versions and delete markers are from the export, which is not signed. Verify the bucket to prove them.',
    };
  else if (source.metadataSource === 'none')
    yield {
      kind: 'unproven-metadata',
      sentence: 'The folder has no export.json, so locks, versions and delete markers are unknown.',
    };
  else if (locks.unknown > 0)
    yield {
      kind: 'unproven-metadata',
      sentence: `The lock of ${pluralize(locks.unknown, 'object')} could not be read. Allow s3:GetObjectRetention.`,
    };
  const { length } = locks.shorter;
  if (length > 0)
    yield {
      kind: 'shorter-lock',
      keys: locks.shorter,
      sentence: `${pluralize(length, 'object')} ${length === 1 ? 'has' : 'have'} a shorter lock than the digest of the same time. The retention was changed at that time, or the lock was shortened.`,
    };
  if (locks.expired > 0)
    yield { kind: 'expired-lock', sentence: `The lock of ${pluralize(locks.expired, 'object')} has expired.` };
}
