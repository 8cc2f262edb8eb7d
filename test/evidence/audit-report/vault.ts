import { generateKeyPairSync, sign } from 'node:crypto';
import {
  type Digest,
  digestKey,
  nextDigest,
  type SignedDigest,
  type StoredDigest,
  signedText,
} from '../../../lib/evidence/digest.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../../lib/evidence/record.ts';
import type { EvidenceSource, StoredObject } from '../../../lib/evidence/verify/evidence-source.ts';
import { canonical, sha256 } from '../../../lib/model/canonical.ts';

/** The fields of a record that a test sets. */
export type RecordFields = Partial<EvidenceRecord> & Pick<EvidenceRecord, 'phase' | 'at'>;

const DEFAULTS = {
  schema: 'evenkeel.evidence/v1',
  control: 's3-block-public-access',
  commit: '4f2a9c1d',
  target: { account: '222222222222', region: 'eu-west-1', partition: 'aws', id: 'invoices' },
  owner: { name: 'payments-team', from: 'config account' },
  mode: 'auto',
  source: 'aws.config',
  event: 'b7e2',
} as const;

/** Seals the records of one execution as a chain. */
export function executionOf(execution: string, ...fields: readonly RecordFields[]): SealedRecord[] {
  const sealed: SealedRecord[] = [];
  for (const one of fields) {
    const record = { ...DEFAULTS, execution, n: sealed.length + 1, previous: sealed.at(-1)?.sha256 ?? null, ...one };
    sealed.push(seal(record));
  }
  return sealed;
}

/** A vault in memory; tests can alter its objects. */
export class MemoryVault implements EvidenceSource {
  readonly objects = new Map<string, Uint8Array>();
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  #last: StoredDigest | undefined;
  reads = 0;

  get publicKey(): string {
    return this.#keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  }

  put(key: string, body: string): void {
    this.objects.set(key, new TextEncoder().encode(body));
  }

  /** Adds records, and a digest that lists them. */
  add(until: string, records: readonly SealedRecord[]): void {
    for (const { key, body } of records) this.put(key, body);
    const listed = records.map(({ key, sha256 }) => ({ key, sha256, versionId: 'v1' }));
    const found = { records: listed, missing: [], faults: [] };
    this.#digest(nextDigest(this.#last, { vault: 'evidence-vault', at: until, until }, found));
  }

  #digest(digest: Digest): void {
    const unsigned = { digest, key: 'arn:aws:kms:eu-west-1:111111111111:key/1', algorithm: 'ECDSA_SHA_256' } as const;
    const signature = sign('sha256', Buffer.from(signedText(unsigned)), this.#keys.privateKey).toString('base64');
    const file: SignedDigest = { ...unsigned, signature };
    this.put(digestKey(digest.sequence), canonical(file));
    this.#last = { digest, sha256: sha256(canonical(file)) };
  }

  async *list(prefix: string) {
    for (const key of [...this.objects.keys()].sort())
      if (key.startsWith(prefix)) yield { key, versionId: 'v1', lastModified: '' };
  }

  async read({ key, versionId }: Pick<StoredObject, 'key' | 'versionId'>): Promise<Uint8Array | undefined> {
    if (versionId !== 'v1') throw new Error(`Read the listed version of ${key}, not the latest one.`);
    this.reads++;
    return this.objects.get(key);
  }
}
