/** The lock of an object; `none` if it is not locked, `unknown` if the lock could not be read. */
export type Retention = { readonly mode: string; readonly until: string } | 'none' | 'unknown';

/** One object of a vault as the bucket, or the folder of an export, lists it. */
export interface StoredObject {
  readonly key: string;
  /** Absent in a folder without an export's list, like the fields below. */
  readonly versionId?: string;
  readonly lastModified?: string;
  /** The object's lock and the hash of its bytes, from an export's list. */
  readonly retention?: Retention;
  readonly sha256?: string;
}

/** A version or delete marker that was written after the first version of a key; Evenkeel never writes one. */
export interface LaterVersion {
  readonly versionId: string;
  readonly lastModified: string;
  readonly kind: 'version' | 'delete-marker';
}

/** All versions under one key of a vault: the first version, if it still exists, and the later ones. */
export interface KeyHistory {
  readonly key: string;
  readonly object?: StoredObject;
  /** The export lists the object, but the folder does not have it. */
  readonly lost?: true;
  /** The folder has the object, but the export does not list it. */
  readonly unlisted?: true;
  /** The folder has a symbolic link, or another entry that is not a file, under this key. */
  readonly link?: true;
  readonly laterVersions: readonly LaterVersion[];
}

/** The exact bytes of an object, and its lock. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly retention: Retention;
}

/** Stored records and digests, listed in order of their keys. */
export interface EvidenceSource {
  /** Lists the first version of every key with a prefix. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** Reads the exact bytes of a version; undefined if it does not exist or is larger than `MAX_BYTES`. */
  read(object: Pick<StoredObject, 'key' | 'versionId'>): Promise<Uint8Array | undefined>;
}

/** A source that also has the metadata that an auditor needs: versions, delete markers and locks. */
export interface AuditSource extends EvidenceSource {
  /** The name of the source in reports. */
  readonly name: string;
  /** The name of the bucket, if known. */
  readonly vault?: string;
  /** Whether the source holds the whole vault from its first digest on. */
  readonly complete: boolean;
  /** The source of versions and locks: S3 itself, the export's list, which anyone can edit, or none. */
  readonly metadataSource: 'bucket' | 'export' | 'none';
  /** The time of the export; absent if unknown, and for a bucket. */
  readonly asOf?: Date;
  /** Counts the files that are no part of the evidence, and that a verification does not look at; absent for a bucket. */
  countOthers?(): Promise<number>;
  /** Lists all versions of every key with a prefix, in order of the keys. */
  histories(prefix: string): AsyncIterable<KeyHistory>;
  /** Reads a listed object; undefined if it is larger than `MAX_BYTES`. */
  open(object: StoredObject): Promise<Content | undefined>;
}

/** The maximum size of a record or digest. */
export const MAX_BYTES = 64 * 1024 * 1024;

/** Reads the content of a key's first version. */
export async function withContent(
  source: AuditSource,
  history: KeyHistory,
): Promise<{ readonly history: KeyHistory; readonly content?: Content }> {
  const { object } = history;
  return { history, content: object && (await source.open(object)) };
}

/** Describes a link in place of an object. */
export const LINK = 'It is a symbolic link or another entry that is not a file. Copy the file itself.';

/** Describes a lost object. */
export const LOST = 'The export lists it, but the folder does not have it.';
