import type { DigestedRecord } from '../digest.ts';
import { fingerprint } from './fingerprint.ts';

const ROW = 32 + 16 + 4 + 1; // hash, version, sequence, whether it was met
const ROWS = 1 << 16;

/** What a digest lists of a record. */
export interface Entry {
  readonly sha256: string;
  /** The number of the digest. */
  readonly sequence: number;
  isVersion(versionId: string): boolean;
  /** Remembers that the record is there. */
  meet(): void;
}

/**
 * All records that trusted digests list, by key, in some 150 bytes each: a vault of years must fit into memory. Keys and
 * versions are kept as 128 bits of their SHA-256.
 */
export class DigestedRecords {
  readonly #rows = new Map<string, number>();
  readonly #chunks: Buffer[] = [];
  #met = 0;

  /** How many of them nobody has met. */
  get unmet(): number {
    return this.#rows.size - this.#met;
  }

  /** Adds a record; answers the number of the digest that has it already, if one does. */
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

  /** What is listed of a key. */
  find(key: string): Entry | undefined {
    const index = this.#rows.get(fingerprint(key));
    if (index === undefined) return undefined;
    const row = this.#row(index);
    return {
      sha256: row.toString('hex', 0, 32),
      sequence: row.readUInt32LE(48),
      isVersion: (versionId) => row.toString('latin1', 32, 48) === fingerprint(versionId),
      meet: () => {
        if (row[52] === 0) this.#met++;
        row[52] = 1;
      },
    };
  }

  /** Whether a key is listed by the digest with this number and nobody has met it. */
  isUnmet(key: string, sequence: number): boolean {
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
