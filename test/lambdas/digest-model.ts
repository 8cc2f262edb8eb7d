import { generateKeyPairSync, sign } from 'node:crypto';
import type { DigestPorts, Version } from '../../lambdas/digest/digest-ports.ts';
import { digestKey, isSigned, type SignedDigest, signedText } from '../../lib/evidence/digest.ts';
import { sha256 } from '../../lib/model/canonical.ts';
import { declarationOf, functionsThatRecord } from '../../lib/stacks/functions.ts';

/** The caller crashed at this call, before or after its effect. */
export class Crash extends Error {}

/** Lets other callers act, and can crash the caller `before` or `after` the effect of its call. */
export type Turn = () => Promise<'goes on' | 'dies before' | 'dies after'>;

interface Row {
  readonly records: { readonly key: string; readonly sha256: string; readonly at: string }[];
  readonly digested: Set<number>;
  readonly missed: Set<number>;
  /** The times at which it entered and left the index, which shows them late. */
  readonly shown: { readonly at: number; readonly shown: boolean }[];
}

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const MINUTE = 60_000;
/** The longest time from a record's `at` to its registration, which is the time-out of the step, and the longest tolerated lag of the index. */
export const [SLOWEST_STEP, LONGEST_LAG] = [
  Math.max(...functionsThatRecord().map((step) => declarationOf(step).timeout)) * 1000,
  10 * MINUTE,
] as const;

/** A state table and a vault in memory, with the conditions and delays of the real ones. */
export class Model {
  clock: number = Date.parse('2026-01-01T12:00:00.000Z');
  lag = 0;
  marked = 0;
  readonly rows = new Map<string, Row>();
  readonly objects = new Map<string, Version[]>();
  readonly files = new Map<string, string>();

  /** Registers a record, as a step does first. The `at` of the record can be earlier than the registration. */
  registerRecord(id: string, delay: number): { readonly key: string; readonly sha256: string } {
    const row = this.rows.get(id) ?? { records: [], digested: new Set(), missed: new Set(), shown: [] };
    const key = `evidence/2026/01/01/111111111111/${id}/${row.records.length + 1}-plan.json`;
    const record = { key, sha256: sha256(key), at: new Date(this.clock - delay).toISOString() };
    row.records.push(record);
    row.shown.push({ at: this.clock, shown: true });
    this.rows.set(id, row);
    return record;
  }

  /** Writes the object, as a step does then. Only the first object under a key counts, as with `If-None-Match`. */
  write({ key, sha256: hash }: { readonly key: string; readonly sha256: string }): void {
    if (!this.objects.has(key)) this.plant(key, hash);
  }

  /** Adds a version that no step writes. */
  plant(key: string, hash: string | null, deleted = false): void {
    const versions = this.objects.get(key) ?? [];
    this.objects.set(key, [...versions, { versionId: `v${versions.length + 1}`, deleted, sha256: hash }]);
  }

  /** Every digest, in order. */
  digests(): SignedDigest[] {
    return [...this.files].sort().map(([, file]) => JSON.parse(file));
  }

  #shows({ shown }: Row, at: number): boolean {
    return shown.findLast((change) => change.at <= at)?.shown ?? false;
  }

  /** Whether the index lists an execution, without its lag. */
  shows(id: string): boolean {
    const row = this.rows.get(id);
    return row !== undefined && this.#shows(row, this.clock);
  }

  /** The ports of one run of digests. */
  ports(turn: Turn): DigestPorts {
    const call = async <T>(effect: () => T): Promise<T> => {
      const divergence = await turn();
      if (divergence === 'dies before') throw new Crash();
      const answer = effect();
      if (divergence === 'dies after') throw new Crash();
      return answer;
    };
    const conceal = (id: string, records: number) =>
      call(() => {
        const row = this.rows.get(id);
        if (row?.records.length === records) row.shown.push({ at: this.clock, shown: false });
      });
    const { rows, objects, files } = this;
    const model = this;
    return {
      table: {
        async *undigested() {
          for (const [id, row] of [...rows])
            if (await call(() => model.#shows(row, model.clock - model.lag))) yield [id];
        },
        evidence: (id) =>
          call(() => {
            const row = rows.get(id);
            return row && { records: [...row.records], digested: new Set(row.digested), missed: new Set(row.missed) };
          }),
        async markDigested(id, numbers) {
          const row = await call(() => {
            const found = rows.get(id);
            for (const n of numbers) found?.digested.add(n);
            return found && { count: found.records.length, complete: found.records.length === found.digested.size };
          });
          if (row?.complete) await conceal(id, row.count);
        },
        markMissed: (id, numbers) => call(() => void numbers.map((n) => rows.get(id)?.missed.add(n))),
        marked: () => call(() => this.marked),
        noteMarked: (sequence) =>
          call(() => {
            this.marked = sequence;
          }),
      },
      vault: {
        name: 'vault',
        versions: (key) => call(() => objects.get(key) ?? []),
        read: (key) => call(() => files.get(key)),
        add: (key, body) => call(() => !files.has(key) && Boolean(files.set(key, body))),
      },
      signer: {
        sign: (digest) => call(() => signedBy(privateKey, digest)),
        signed: (file) => call(() => isSigned(file, publicKey)),
      },
      now: () => this.clock,
    };
  }
}

/** Signs in the format of KMS, with any key. */
export function signedBy(key: typeof privateKey, digest: SignedDigest['digest']): SignedDigest {
  const file = { digest, key: 'arn', algorithm: 'ECDSA_SHA_256' } as const;
  return { ...file, signature: sign('sha256', Buffer.from(signedText(file)), key).toString('base64') };
}

/** A key that does not belong to the hub. */
export const foreignKey: typeof privateKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** Checks the laws of digests, which hold at any moment. Returns the keys that they list and that they report as missing. */
export function checkDigests(model: Model): {
  readonly listed: readonly string[];
  readonly missing: readonly string[];
} {
  const [listed, missing]: [string[], string[]] = [[], []];
  let [previous, until]: [string | null, string] = [null, ''];
  for (const [index, file] of model.digests().entries()) {
    const { digest } = file;
    const wrong = (what: string) => new Error(`Digest ${index + 1} ${what}.`);
    if (!isSigned(file, publicKey)) throw wrong('is not signed by us');
    if (digest.sequence !== index + 1 || digest.previous !== previous) throw wrong('breaks the chain');
    if (digest.until < until) throw wrong('takes back what was covered');
    listed.push(...digest.records.map(({ key }) => key));
    missing.push(...digest.missing.map(({ key }) => key));
    const reported = new Set([...listed, ...missing]);
    for (const { records } of model.rows.values())
      for (const { key, at } of records) if (at < digest.until && !reported.has(key)) throw wrong(`leaves ${key} out`);
    previous = sha256(model.files.get(digestKey(index + 1)) ?? '');
    until = digest.until;
  }
  for (const list of [listed, missing])
    if (new Set(list).size !== list.length) throw new Error('Two digests hold the same record.');
  return { listed: listed.sort(), missing: missing.sort() };
}
