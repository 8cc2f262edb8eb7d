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
export interface Ground {
  readonly files: Files;
  /** The records that a digest lists. */
  readonly records: readonly string[];
  /** The records that a digest or an export lists. */
  readonly held: readonly string[];
  readonly digests: readonly string[];
  /** Whether the folder has an export's list, which also covers records without a digest. */
  readonly exported: boolean;
}
type Alteration = (ground: Ground, dice: Dice) => ReadonlyMap<string, Buffer | undefined>;

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length] as T; // the lists are not empty
/** Parses JSON that Evenkeel or a test wrote. */
export const json = <T>(bytes: Buffer | undefined): T => JSON.parse(String(bytes)) as T; // the caller knows the type
const bytesOf = ({ files }: Ground, key: string): Buffer => files.get(key) ?? Buffer.alloc(0);
const text = (value: object) => Buffer.from(canonical(value));
/** Without an export's list, a removal of the last digests cannot be proven. */
const removable = ({ digests, exported }: Ground) => (exported ? digests : digests.slice(1, -1));
const either = (ground: Ground, number: number) => pick([...ground.held, ...ground.digests], number);

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
function invented(ground: Ground, { a, b }: Dice): [string, Buffer] {
  const record = json<EvidenceRecord>(ground.files.get(pick(ground.records, a)));
  const own = { ...record, execution: `${record.execution.slice(0, -6)}f${String(b).padStart(5, '0').slice(-5)}` };
  const { key, body } = seal({ ...own, n: 1, phase: 'outcome', outcome: 'compliant', previous: null });
  return [key, Buffer.from(body)];
}

/** The alterations of a folder, by name; verification must find each. */
export const KINDS = {
  'a byte is changed': (ground, { a, b, c }) => {
    const key = either(ground, a);
    const bytes = Buffer.from(bytesOf(ground, key));
    bytes[b % bytes.length] = (bytes[b % bytes.length] ?? 0) ^ (1 + (c % 255));
    return new Map([[key, bytes]]);
  },
  'a byte is removed': (ground, { a, b }) => {
    const key = either(ground, a);
    const bytes = bytesOf(ground, key);
    const at = b % bytes.length;
    return new Map([[key, Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)])]]);
  },
  'bytes are appended': (ground, { a, b }) => {
    const key = either(ground, a);
    return new Map([[key, Buffer.concat([bytesOf(ground, key), Buffer.from(pick(['\n', ' ', '{}'], b))])]]);
  },
  'a file is truncated': (ground, { a, b }) => {
    const key = either(ground, a);
    const bytes = bytesOf(ground, key);
    return new Map([[key, bytes.subarray(0, b % bytes.length)]]);
  },
  'a field is changed in canonical form': (ground, { a, b }) => {
    const key = either(ground, a);
    return new Map([[key, text(changeLeaf(json(bytesOf(ground, key)), b) as object)]]); // changing a leaf of an object returns an object
  },
  'a field is added': (ground, { a }) => {
    const key = either(ground, a);
    return new Map([[key, text({ ...json<object>(bytesOf(ground, key)), reason: 'because' })]]);
  },
  'a record is removed': ({ held }, { a }) => new Map([[pick(held, a), undefined]]),
  'several records are removed': ({ held }, { a, b, c }) =>
    new Map([a, b, c].map((number) => [pick(held, number), undefined])),
  'a digest is removed': (ground, { a }) => new Map([[pick(removable(ground), a), undefined]]),
  'digests in a row are removed': (ground, { a, b }) => {
    const digests = removable(ground);
    const first = a % digests.length;
    return new Map(digests.slice(first, first + 1 + (b % 3)).map((key) => [key, undefined]));
  },
  'a record is invented': (ground, dice) => new Map([invented(ground, dice)]),
  'a record is added to an execution': (ground, { a }) => {
    const record = json<EvidenceRecord>(ground.files.get(pick(ground.records, a)));
    const { sha256 } = seal(record);
    const { key, body } = seal({ ...record, n: record.n + 1, phase: 'outcome', outcome: 'gone', previous: sha256 });
    return new Map(ground.files.has(key) ? [] : [[key, Buffer.from(body)]]);
  },
  'a file is added among the records': (_, { a, b }) =>
    new Map([
      [pick(['evidence/x.json', 'evidence/2026/03/01/notes.txt', 'digests/1.json'], a), Buffer.from(String(b))],
    ]),
  'a record is moved': (ground, { a, b, c }) => {
    const from = pick(ground.held, a);
    return new Map<string, Buffer | undefined>([
      [from, undefined],
      [elsewhere(from, b, c), bytesOf(ground, from)],
    ]);
  },
  'a record is copied': (ground, { a, b, c }) => {
    const from = pick(ground.held, a);
    return new Map([[elsewhere(from, b, c), bytesOf(ground, from)]]);
  },
  'two records are exchanged': (ground, { a, b }) => exchange(ground, pick(ground.held, a), pick(ground.held, b)),
  'two digests are exchanged': (ground, { a, b }) => exchange(ground, pick(ground.digests, a), pick(ground.digests, b)),
  'an old digest is replayed': (ground, { a, b }) =>
    new Map([[pick(ground.digests, a), bytesOf(ground, pick(ground.digests, b))]]),
  'an old digest is replayed as the next': (ground, { a }) =>
    new Map([[digestKey(ground.digests.length + 1), bytesOf(ground, pick(ground.digests, a))]]),
  'a digest is forged': (ground, { a, b }) => {
    const key = pick(ground.digests, a);
    const file = resigned(bytesOf(ground, key), (digest) => changeLeaf(digest, b) as Digest); // changing a leaf keeps the shape
    return new Map([[key, file]]);
  },
  'a digest is signed again with another key': (ground, { a }) => {
    const key = pick(ground.digests, a);
    return new Map([[key, resigned(bytesOf(ground, key), (digest) => digest)]]);
  },
  'a record is added and all digests are signed again with another key': (ground, dice) => {
    const [key, body] = invented(ground, dice);
    const files = ground.digests.map((digest) => [digest, resigned(bytesOf(ground, digest), (same) => same)] as const);
    return new Map([[key, body], ...files]);
  },
  'a record is removed together with its entry in the digest': (ground, { a, b }) => {
    const listing = ground.digests.filter((key) => json<SignedDigest>(ground.files.get(key)).digest.records.length > 0);
    const key = pick(listing, a);
    const { digest, ...rest } = json<SignedDigest>(ground.files.get(key));
    const gone = pick(digest.records, b);
    const records = digest.records.filter((record) => record !== gone);
    return new Map([
      [gone.key, undefined],
      [key, text({ ...rest, digest: { ...digest, records } })],
    ]);
  },
  "a version in the export's list is changed": (ground, { a, b }) =>
    relisted(ground, pick(ground.records, a), (line) => line.replace(/"versionId":"./, `"versionId":"${'xyz'[b % 3]}`)),
  "a line of the export's list is removed": (ground, { a }) => relisted(ground, either(ground, a), () => ''),
} as const satisfies { readonly [name: string]: Alteration };

function exchange(ground: Ground, one: string, other: string): ReadonlyMap<string, Buffer> {
  return new Map([
    [one, bytesOf(ground, other)],
    [other, bytesOf(ground, one)],
  ]);
}

function relisted({ files, exported }: Ground, key: string, change: (line: string) => string) {
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
