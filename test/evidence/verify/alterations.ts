import { type Digest, digestKey, type SignedDigest } from '../../../lib/evidence/digest.ts';
import { type EvidenceRecord, seal } from '../../../lib/evidence/record.ts';
import { EXPORT } from '../../../lib/evidence/verify/export-listing.ts';
import { canonical } from '../../../lib/model/canonical.ts';
import { signed, theirs } from './vault.ts';

/** Files of an evidence folder by their paths in it. */
export type Files = ReadonlyMap<string, Buffer>;

/** Random numbers that select the objects of an alteration. */
interface Dice {
  readonly a: number;
  readonly b: number;
  readonly c: number;
}

/** The objects whose alteration can be proven. */
export interface Provable {
  readonly files: Files;
  /** The records that a digest lists. */
  readonly digested: readonly string[];
  /** The records that a digest or an export lists. */
  readonly listed: readonly string[];
  readonly digests: readonly string[];
  /** Whether the folder has an export's list, which also covers records without a digest. */
  readonly exported: boolean;
}
type Alteration = (provable: Provable, dice: Dice) => ReadonlyMap<string, Buffer | undefined>;

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T; // the lists are not empty
/** Parses JSON that Evenkeel or a test wrote. */
export const json = <T>(bytes: Buffer | undefined): T => JSON.parse(String(bytes)) as T; // the caller knows the type
const bytesOf = ({ files }: Provable, key: string): Buffer => files.get(key) ?? Buffer.alloc(0);
const text = (value: object) => Buffer.from(canonical(value));
/** Without an export's list, a removal of the last digests cannot be proven. */
const removable = ({ digests, exported }: Provable) => (exported ? digests : digests.slice(1, -1));
const either = (provable: Provable, number: number) => pick([...provable.listed, ...provable.digests], number);

/** Changes one leaf of a JSON value. */
function changeLeaf(value: unknown, number: number): unknown {
  if (typeof value === 'string') return number % 2 ? `${value}x` : value.slice(1);
  if (typeof value === 'number') return value + 1 + (number % 7);
  if (typeof value === 'boolean') return !value;
  if (typeof value !== 'object' || value === null) return 'x';
  const keys = Object.keys(value);
  if (keys.length === 0) return { x: 1 };
  const key = pick(keys, number);
  if (Array.isArray(value))
    return value.with(Number(key), changeLeaf(value[Number(key)], Math.floor(number / keys.length)));
  return { ...value, [key]: changeLeaf(Reflect.get(value, key), Math.floor(number / keys.length)) };
}

const resigned = (file: Buffer, change: (digest: Digest) => Digest) =>
  signed(change(json<SignedDigest>(file).digest), theirs.privateKey);

/** A valid record that was never registered, under its own key. */
function invented(provable: Provable, { a, b }: Dice): [string, Buffer] {
  const record = json<EvidenceRecord>(provable.files.get(pick(provable.digested, a)));
  const own = { ...record, execution: `${record.execution.slice(0, -6)}f${String(b).padStart(5, '0').slice(-5)}` };
  const { key, body } = seal({ ...own, n: 1, phase: 'outcome', outcome: 'compliant', previous: null });
  return [key, Buffer.from(body)];
}

/** The alterations of a folder, by name; verification must find each. */
export const KINDS = {
  'a byte is changed': (provable, { a, b, c }) => {
    const key = either(provable, a);
    const bytes = Buffer.from(bytesOf(provable, key));
    bytes[b % bytes.length] = (bytes[b % bytes.length] ?? 0) ^ (1 + (c % 255));
    return new Map([[key, bytes]]);
  },
  'a byte is removed': (provable, { a, b }) => {
    const key = either(provable, a);
    const bytes = bytesOf(provable, key);
    const at = b % bytes.length;
    return new Map([[key, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])]]);
  },
  'bytes are appended': (provable, { a, b }) => {
    const key = either(provable, a);
    return new Map([[key, Buffer.concat([bytesOf(provable, key), Buffer.from(pick(['\n', ' ', '{}'], b))])]]);
  },
  'a file is truncated': (provable, { a, b }) => {
    const key = either(provable, a);
    const bytes = bytesOf(provable, key);
    return new Map([[key, bytes.subarray(0, b % bytes.length)]]);
  },
  'a field is changed in canonical form': (provable, { a, b }) => {
    const key = either(provable, a);
    return new Map([[key, text(changeLeaf(json(bytesOf(provable, key)), b) as object)]]); // changing a leaf of an object returns an object
  },
  'a field is added': (provable, { a }) => {
    const key = either(provable, a);
    return new Map([[key, text({ ...json<object>(bytesOf(provable, key)), reason: 'because' })]]);
  },
  'a record is removed': ({ listed }, { a }) => new Map([[pick(listed, a), undefined]]),
  'several records are removed': ({ listed }, { a, b, c }) =>
    new Map([a, b, c].map((number) => [pick(listed, number), undefined])),
  'a digest is removed': (provable, { a }) => new Map([[pick(removable(provable), a), undefined]]),
  'digests in a row are removed': (provable, { a, b }) => {
    const digests = removable(provable);
    const first = a % digests.length;
    return new Map(digests.slice(first, first + 1 + (b % 3)).map((key) => [key, undefined]));
  },
  'a record is invented': (provable, dice) => new Map([invented(provable, dice)]),
  'a record is added to an execution': (provable, { a }) => {
    const record = json<EvidenceRecord>(provable.files.get(pick(provable.digested, a)));
    const { sha256 } = seal(record);
    const { key, body } = seal({ ...record, n: record.n + 1, phase: 'outcome', outcome: 'gone', previous: sha256 });
    return new Map(provable.files.has(key) ? [] : [[key, Buffer.from(body)]]);
  },
  'a file is added among the records': (_, { a, b }) =>
    new Map([
      [pick(['evidence/x.json', 'evidence/2026/03/01/notes.txt', 'digests/1.json'], a), Buffer.from(String(b))],
    ]),
  'a record is moved': (provable, { a, b, c }) => {
    const from = pick(provable.listed, a);
    return new Map<string, Buffer | undefined>([
      [from, undefined],
      [elsewhere(from, b, c), bytesOf(provable, from)],
    ]);
  },
  'a record is copied': (provable, { a, b, c }) => {
    const from = pick(provable.listed, a);
    return new Map([[elsewhere(from, b, c), bytesOf(provable, from)]]);
  },
  'two records are exchanged': (provable, { a, b }) =>
    exchange(provable, pick(provable.listed, a), pick(provable.listed, b)),
  'two digests are exchanged': (provable, { a, b }) =>
    exchange(provable, pick(provable.digests, a), pick(provable.digests, b)),
  'an old digest is replayed': (provable, { a, b }) =>
    new Map([[pick(provable.digests, a), bytesOf(provable, pick(provable.digests, b))]]),
  'an old digest is replayed as the next': (provable, { a }) =>
    new Map([[digestKey(provable.digests.length + 1), bytesOf(provable, pick(provable.digests, a))]]),
  'a digest is forged': (provable, { a, b }) => {
    const key = pick(provable.digests, a);
    const file = resigned(bytesOf(provable, key), (digest) => changeLeaf(digest, b) as Digest); // changing a leaf keeps the shape
    return new Map([[key, file]]);
  },
  'a digest is signed again with another key': (provable, { a }) => {
    const key = pick(provable.digests, a);
    return new Map([[key, resigned(bytesOf(provable, key), (digest) => digest)]]);
  },
  'a record is added and all digests are signed again with another key': (provable, dice) => {
    const [key, body] = invented(provable, dice);
    const files = provable.digests.map(
      (digest) => [digest, resigned(bytesOf(provable, digest), (same) => same)] as const,
    );
    return new Map([[key, body], ...files]);
  },
  'a record is removed together with its entry in the digest': (provable, { a, b }) => {
    const listing = provable.digests.filter(
      (key) => json<SignedDigest>(provable.files.get(key)).digest.records.length > 0,
    );
    const key = pick(listing, a);
    const { digest, ...rest } = json<SignedDigest>(provable.files.get(key));
    const gone = pick(digest.records, b);
    const records = digest.records.filter((record) => record !== gone);
    return new Map([
      [gone.key, undefined],
      [key, text({ ...rest, digest: { ...digest, records } })],
    ]);
  },
  "a version in the export's list is changed": (provable, { a, b }) =>
    relisted(provable, pick(provable.digested, a), (line) =>
      line.replace(/"versionId":"./, `"versionId":"${'xyz'[b % 3]}`),
    ),
  "a line of the export's list is removed": (provable, { a }) => relisted(provable, either(provable, a), () => ''),
} as const satisfies { readonly [name: string]: Alteration };

function exchange(provable: Provable, one: string, other: string): ReadonlyMap<string, Buffer> {
  return new Map([
    [one, bytesOf(provable, other)],
    [other, bytesOf(provable, one)],
  ]);
}

function relisted({ files, exported }: Provable, key: string, change: (line: string) => string) {
  const listing = String(files.get(EXPORT.objects) ?? '');
  const lines = listing.split('\n').map((line) => (line.startsWith(`{"key":"${key}"`) ? change(line) : line));
  return new Map(exported ? [[EXPORT.objects, Buffer.from(`${lines.filter(Boolean).join('\n')}\n`)]] : []);
}

/** Another key that a record could have. */
function elsewhere(key: string, b: number, c: number): string {
  const parts = key.split('/');
  const others: readonly (readonly [number, string])[] = [
    [3, '28'],
    [4, '999999999999'],
    [5, `00000000-0000-8000-8000-${String(c).padStart(12, '0')}`],
    [6, '9-outcome.json'],
    [6, `${(parts[6] ?? '').split('-')[0]}-elsewhere.json`],
  ];
  const [index, part] = pick(others, b);
  return parts.with(index, part).join('/');
}
