import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { type Digest, digestKey, nextDigest, type SignedDigest, signedText } from '../../../lib/evidence/digest.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../../lib/evidence/record.ts';
import type { LaterVersion, Retention, StoredObject } from '../../../lib/evidence/verify/evidence-source.ts';
import { canonical, sha256 } from '../../../lib/model/canonical.ts';

const keyPair = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
/** The vault's signing key, and another key. */
export const [ours, theirs] = [keyPair(), keyPair()];

export const VAULT = 'evidence-vault';
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/6f1d3c1e-0000-4000-8000-000000000000';
const HOUR = 3_600_000;
const START = Date.parse('2026-03-01T00:00:00.000Z');
const ACCOUNTS = ['111111111111', '222222222222', '333333333333'];

/** The object under one key. */
export interface VaultObject extends StoredObject {
  readonly versionId: string;
  readonly lastModified: string;
  readonly retention: Retention;
  readonly bytes: Buffer;
  readonly laterVersions: readonly LaterVersion[];
}

/** A vault in memory, as the hub writes it; tests change its objects. */
export type Objects = Map<string, VaultObject>;

/** The file of a digest, signed. */
export function signed(digest: Digest, privateKey: KeyObject = ours.privateKey): Buffer {
  const unsigned = { digest, key: KEY, algorithm: 'ECDSA_SHA_256' as const };
  const signature = sign('sha256', Buffer.from(signedText(unsigned)), privateKey).toString('base64');
  const file: SignedDigest = { ...unsigned, signature };
  return Buffer.from(canonical(file));
}

/** Pseudo-random numbers from 0 to 1, determined by a seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Step = Pick<EvidenceRecord, 'phase' | 'outcome'> & { readonly after: number };
const repaired: Step = { phase: 'repair', outcome: 'repaired', after: 0.001 };
/** The steps of executions; `after` is in hours. */
const COURSES: readonly (readonly Step[])[] = [
  [{ phase: 'outcome', outcome: 'compliant', after: 0 }],
  [{ phase: 'plan', after: 0 }, repaired],
  [{ phase: 'plan', after: 0 }, { phase: 'plan', after: 0.001 }, repaired],
  [{ phase: 'plan', after: 0 }, { phase: 'decision', after: 7 }, repaired],
  [{ phase: 'plan', after: 0 }],
  [{ phase: 'command', outcome: 'accepted', after: 0 }],
];

/** The average number of records of an execution. */
export const RECORDS_EACH: number = COURSES.flat().length / COURSES.length;

/** A record, and the time at which it reached the vault. */
interface Made {
  readonly sealed: SealedRecord;
  readonly stored: string;
}

/** The size of a vault, and the seed of its random numbers. */
export interface Size {
  readonly executions: number;
  readonly hours: number;
  readonly seed?: number;
}

/** The records of a vault in order of their time; one in 25 reaches the vault hours later. */
function* records({ executions, hours, seed = 1 }: Size): Generator<Made> {
  const chance = random(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)] as T; // the lists are not empty
  for (let number = 0; number < executions; number++) {
    const execution = `${sha256(`${seed} ${number}`).slice(0, 8)}-0000-8000-8000-${String(number).padStart(12, '0')}`;
    const account = pick(ACCOUNTS);
    let at = START + (number / executions) * hours * HOUR;
    let previous: string | null = null;
    for (const [index, { after, ...step }] of pick(COURSES).entries()) {
      at += Math.round(after * HOUR);
      const record: EvidenceRecord = {
        schema: 'evenkeel.evidence/v1',
        execution,
        n: index + 1,
        ...step,
        at: new Date(at).toISOString(),
        control: 's3-block-public-access',
        commit: '759fe9f',
        target: { account, region: 'eu-west-1', partition: 'aws', id: `bucket-${number}` },
        owner: { name: 'platform-team', from: 'config default' },
        mode: 'auto',
        source: 'cloudtrail',
        event: `event-${number}`,
        before: { PublicAccessBlockConfiguration: { BlockPublicAcls: false, Name: 'größe' } },
        previous,
      };
      const sealed = seal(JSON.parse(JSON.stringify(record))); // removes undefined fields
      previous = sealed.sha256;
      at += chance() < 0.04 ? 3 * HOUR : 50; // the next step makes sure that this record is written
      yield { sealed, stored: new Date(at).toISOString() };
    }
  }
}

const stored = (key: string, bytes: Buffer, lastModified: string): VaultObject => ({
  key,
  bytes,
  lastModified,
  versionId: sha256(`version of ${key}`).slice(0, 32),
  retention: { mode: 'GOVERNANCE', until: new Date(Date.parse(lastModified) + 400 * 24 * HOUR).toISOString() },
  laterVersions: [],
});

/** Writes the records of `hours` and a digest each hour; the last records are in no digest yet. */
function* written({ hours, ...size }: Size, all: Iterable<Made> = records({ hours, ...size })): Generator<VaultObject> {
  const undigested = new Map<string, Made>();
  const missed = new Set<string>();
  const end = endOf({ hours }).toISOString();
  for (const made of all) {
    if (made.stored >= end) continue;
    undigested.set(made.sealed.key, made);
    yield stored(made.sealed.key, Buffer.from(made.sealed.body), made.stored);
  }
  let last: { digest: Digest; sha256: string } | undefined;
  for (let hour = 1; hour < hours; hour++) {
    const [at, until] = [START + hour * HOUR, START + hour * HOUR - 900_000].map((ms) => new Date(ms).toISOString());
    if (!at || !until) throw new RangeError('Two times must be two.');
    const here = [...undigested.values()].filter((made) => made.stored < at);
    const gone = [...undigested.values()].filter(({ sealed, stored }) => sealed.at < until && stored >= at);
    const missing = gone.filter(({ sealed }) => !missed.has(sealed.key));
    for (const { sealed } of missing) missed.add(sealed.key);
    for (const { sealed } of here) undigested.delete(sealed.key);
    const digest = nextDigest(
      last,
      { vault: VAULT, at, until },
      {
        records: here.map(({ sealed: { key, sha256 } }) => ({ key, sha256, versionId: versionOf(key) })),
        missing: missing.map(({ sealed: { key, sha256, at } }) => ({ key, sha256, registeredAt: at })),
        faults: [],
      },
    );
    const bytes = signed(digest);
    last = { digest, sha256: sha256(bytes.toString()) };
    yield stored(digestKey(digest.sequence), bytes, at);
  }
}

/** The version of the object that the hub wrote under a key. */
const versionOf = (key: string): string => stored(key, Buffer.alloc(0), new Date(START).toISOString()).versionId;

/** Makes a vault. */
export const makeVault = (size: Size): Objects => new Map([...written(size)].map((object) => [object.key, object]));

/** The end of the last hour of a vault. */
export const endOf = ({ hours }: Pick<Size, 'hours'>): Date => new Date(START + hours * HOUR);
