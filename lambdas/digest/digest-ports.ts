import type { Digest, SignedDigest } from '../../lib/evidence/digest.ts';
import type { Execution } from '../store/executions.ts';

/** One version under a record's key; a delete marker has no hash, nor has an object that was stored without one. */
export interface Version {
  readonly versionId: string;
  readonly deleted: boolean;
  readonly sha256: string | null;
}

/** The state table, as far as digests are about it. */
export interface Register {
  /** Ids of executions that have records in no digest, in pages; what was registered just now may not show yet. */
  undigested(): AsyncIterable<readonly string[]>;
  execution(id: string): Promise<Pick<Execution, 'records' | 'digested' | 'missed'> | undefined>;
  /** Notes that records are in a digest, and shows the execution no more once all are. */
  markDigested(id: string, records: readonly number[]): Promise<void>;
  /** Notes that a digest called records missing. */
  markMissed(id: string, records: readonly number[]): Promise<void>;
  /** The last digest that is known to be marked throughout; 0 where none is. */
  marked(): Promise<number>;
  noteMarked(sequence: number): Promise<void>;
}

/** The vault, as far as digests are about it. */
export interface DigestVault {
  readonly name: string;
  /** Every version under a key, oldest first. */
  versions(key: string): Promise<readonly Version[]>;
  read(key: string): Promise<string | undefined>;
  /** Writes what nobody has written yet; answers false where something stands there. */
  add(key: string, body: string): Promise<boolean>;
}

/** Signs digests, and knows its own signature. */
export interface Signer {
  sign(digest: Digest): Promise<SignedDigest>;
  signed(file: SignedDigest): Promise<boolean>;
}

/** Everything that digests are made of; each call may fail or be the last one, and no record is left out by it. */
export interface Surroundings {
  readonly register: Register;
  readonly vault: DigestVault;
  readonly signer: Signer;
  now(): number;
}
