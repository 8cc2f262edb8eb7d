import { createHash } from 'node:crypto';
import type { DigestedRecord } from '../digest.ts';

const ROW = 32 + 16 + 4 + 1; // hash, version, sequence, whether the record was found
const ROWS = 1 << 16;

/** The entry of a record in a digest. */
export interface DigestEntry {
  readonly sha256: string;
  /** The number of the digest. */
  readonly sequence: number;
  isVersion(versionId: string): boolean;
  /** Marks the record as found in the source. */
  markFound(): void;
}

/** 128 bits of a text's SHA-256. It is a new string, because a substring would keep the whole text in memory. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest().toString('latin1', 0, 16);

/**
 * The entries of all records that trusted digests list, by key. An entry takes about 150 bytes, so that the entries of years fit
 * into memory; keys and versions are stored as fingerprints.
 */
export class DigestedRecords {
  readonly #rows = new Map<string, number>();
  readonly #chunks: Buffer[] = [];
  #found = 0;

  /** The number of records that were not found in the source. */
  get notFound(): number {
    return this.#rows.size - this.#found;
  }

  /** Adds an entry; returns the number of the digest that lists the record already, if one does. */
  add({ key, sha256, versionId }: DigestedRecord, sequence: number): number | undefined {
    const print = fingerprint(key);
    const known = this.#rows.get(print);
    if (known !== undefined) return this.#row(known).readUInt32LE(48);
    const index = this.#rows.size;
    if (index % ROWS === 0) this.#chunks.push(Buffer.alloc(ROW * ROWS));
    this.#rows.set(print, index);
    const row = this.#row(index);
    row.write(sha256, 0, 'hex');
    row.write(fingerprint(versionId), 32, 'latin1');
    row.writeUInt32LE(sequence, 48);
    return undefined;
  }

  /** The entry of the record under a key. */
  find(key: string): DigestEntry | undefined {
    const index = this.#rows.get(fingerprint(key));
    if (index === undefined) return undefined;
    const row = this.#row(index);
    return {
      sha256: row.toString('hex', 0, 32),
      sequence: row.readUInt32LE(48),
      isVersion: (versionId) => row.toString('latin1', 32, 48) === fingerprint(versionId),
      markFound: () => {
        if (row[52] === 0) this.#found++;
        row[52] = 1;
      },
    };
  }

  /** Whether a digest lists the record under a key and the record was not found. */
  isNotFound(key: string, sequence: number): boolean {
    const index = this.#rows.get(fingerprint(key));
    if (index === undefined) return false;
    const row = this.#row(index);
    return row[52] === 0 && row.readUInt32LE(48) === sequence;
  }

  #row(index: number): Buffer {
    const chunk = this.#chunks[Math.floor(index / ROWS)];
    if (!chunk) throw new RangeError(`There is no row ${index}.`);
    const start = (index % ROWS) * ROW;
    return chunk.subarray(start, start + ROW);
  }
}
