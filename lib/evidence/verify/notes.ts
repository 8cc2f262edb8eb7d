import type { DigestChain } from './digest-chain.ts';
import type { Executions } from './execution-chains.ts';
import type { LockChecks } from './object-lock.ts';
import type { AuditSource } from './source.ts';
import type { Note } from './verification.ts';
import type { Records } from './verify-records.ts';

interface Seen {
  readonly source: AuditSource;
  readonly chain: DigestChain;
  readonly custody: LockChecks;
  readonly executions: Executions;
  readonly records: Records;
  readonly now: Date;
  readonly maxAge: number;
}

/** What an auditor should know of a verification beside what is broken. */
export function notesOf(seen: Seen): Note[] {
  return [...ofDigests(seen), ...ofRecords(seen), ...ofCustody(seen)];
}

function* ofDigests({ source, chain, now, maxAge }: Seen): Generator<Note> {
  const [first, last] = [chain.trusted[0], chain.trusted.at(-1)];
  if (!first || !last) {
    yield { kind: 'no digest', sentence: 'No digest is there that a key given has signed: nothing can be proved.' };
    return;
  }
  if (first.sequence > 1)
    yield {
      kind: 'begins late',
      sentence: `It begins at digest ${first.sequence}: that it followed digest ${first.sequence - 1} cannot be checked here.`,
    };
  const asOf = source.witness === 'none' ? undefined : (source.asOf ?? now);
  const age = asOf ? asOf.getTime() - Date.parse(last.at) : 0;
  if (age > maxAge)
    yield {
      kind: 'old',
      sentence: `The last digest was made ${hours(age)} before ${source.witness === 'bucket' ? 'now' : 'the export'}: later ones may have been taken away, or the hub makes none.`,
    };
}

const hours = (ms: number) => `${Math.round(ms / 360_000) / 10} hours`;

function* ofRecords({ executions, records }: Seen): Generator<Note> {
  const { pending, late, unproven } = records;
  const list = (kind: Note['kind'], keys: readonly string[], one: string, many: string): Note[] =>
    keys.length === 0 ? [] : [{ kind, keys, sentence: keys.length === 1 ? `1 ${one}` : `${keys.length} ${many}` }];
  yield* list('not yet in a digest', pending, ...say('newer than the last digest', 'so that the next one must list'));
  yield* list('late', late, ...say('here that a digest called missing', 'so that the next one must list'));
  yield* list(
    'unproven',
    unproven,
    ...say('from a time whose digest is not here or cannot be trusted', 'so that nothing proves'),
  );
  if (executions.open > 0)
    yield { kind: 'open', sentence: `${plural(executions.open, 'execution')} not closed: under way, or taken over.` };
  if (executions.beheaded > 0)
    yield {
      kind: 'begins late',
      sentence: `${plural(executions.beheaded, 'execution')} begun before the first digest.`,
    };
}

const say = (what: string, so: string): [string, string] => [
  `record is ${what}, ${so} it.`,
  `records are ${what}, ${so} them.`,
];
const plural = (count: number, what: string) => (count === 1 ? `1 ${what} is` : `${count} ${what}s are`);

function* ofCustody({ source, custody }: Seen): Generator<Note> {
  if (source.witness === 'export')
    yield {
      kind: 'unwitnessed',
      sentence:
        'Locks, versions and delete markers are as the export lists them, which is not signed; ask the bucket to be sure.',
    };
  else if (source.witness === 'none')
    yield {
      kind: 'unwitnessed',
      sentence: 'There is no export.json: locks, versions and delete markers are not known.',
    };
  else if (custody.unknown > 0)
    yield {
      kind: 'unwitnessed',
      sentence: `Whether ${plural(custody.unknown, 'object')} locked could not be read: that needs s3:GetObjectRetention.`,
    };
  const { length } = custody.shorter;
  if (length > 0)
    yield {
      kind: 'shorter lock',
      keys: custody.shorter,
      sentence: `${plural(length, 'object')} locked for less time than the digest ${length === 1 ? 'of its' : 'of their'} time: the retention was changed just then, or somebody shortened the lock.`,
    };
  if (custody.expired > 0)
    yield { kind: 'expired', sentence: `The lock of ${plural(custody.expired, 'object')} over, by its time.` };
}
