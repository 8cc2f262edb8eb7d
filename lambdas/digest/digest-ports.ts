import type { Digest, SignedDigest } from '../../lib/evidence/digest.ts';
import type { Execution } from '../store/execution.ts';

/** One version of a record's object. A delete marker has no hash, and neither has an object that was stored without one. */
export interface Version {
  readonly versionId: string;
  readonly deleted: boolean;
  readonly sha256: string | null;
}

/** The part of the state table that digests need. */
export interface DigestTable {
  /** Yields pages of ids of executions with records that no digest holds. Recent writes may be missing. */
  undigested(): AsyncIterable<readonly string[]>;
  evidence(id: string): Promise<Pick<Execution['evidence'], 'records' | 'digested' | 'missed'> | undefined>;
  /** Marks records as digested, and removes the execution from the index when all of its records are. */
  markDigested(id: string, records: readonly number[]): Promise<void>;
  /** Marks records that a digest reported as missing. */
  markMissed(id: string, records: readonly number[]): Promise<void>;
  /** The number of the last digest whose records are all marked; 0 if there is none. */
  marked(): Promise<number>;
  noteMarked(sequence: number): Promise<void>;
}

/** The part of the vault that digests need. */
export interface DigestVault {
  readonly name: string;
  /** Every version under a key, oldest first. */
  versions(key: string): Promise<readonly Version[]>;
  read(key: string): Promise<string | undefined>;
  /** Writes an object, or returns false if the key is taken. */
  add(key: string, body: string): Promise<boolean>;
}

/** Signs digests and verifies the signatures of this hub. */
export interface Signer {
  sign(digest: Digest): Promise<SignedDigest>;
  signed(file: SignedDigest): Promise<boolean>;
}

/** The dependencies of a run of digests. Any call may fail or be the last one before a crash; no record is lost by it. */
export interface DigestPorts {
  readonly table: DigestTable;
  readonly vault: DigestVault;
  readonly signer: Signer;
  now(): number;
}
