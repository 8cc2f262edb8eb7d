/** Until when nobody can delete an object; `none` where it is not locked, `unknown` where nobody could tell. */
export type Retention = { readonly mode: string; readonly until: string } | 'none' | 'unknown';

/** One object of a vault as it was listed, in the bucket itself or in a folder that it was exported to. */
export interface StoredObject {
  readonly key: string;
  /** Absent in a folder that came without the bucket's listing; so is the next. */
  readonly versionId?: string;
  readonly lastModified?: string;
  /** What an export's list says of it beside: its lock, and what its bytes hashed to. */
  readonly retention?: Retention;
  readonly sha256?: string;
}

/** A version or a delete marker under a key that something was already written to, which nothing of ours ever does. */
export interface Intruder {
  readonly versionId: string;
  readonly lastModified: string;
  readonly kind: 'version' | 'delete marker';
}

/** Everything under one key of a vault: the object that was written first, where it is still there, and what came later. */
export interface Holding {
  readonly key: string;
  readonly object?: StoredObject;
  /** The bucket held it when it was exported, and the folder has it no more. */
  readonly lost?: true;
  /** It is in the folder, and the bucket did not hold it when it was exported. */
  readonly unlisted?: true;
  readonly intruders: readonly Intruder[];
}

/** An object's exact bytes, and how it is locked. */
export interface Content {
  readonly bytes: Uint8Array;
  readonly retention: Retention;
}

/** Records and digests to be read, wherever they are: listed in order of their keys, and never held all at once. */
export interface EvidenceSource {
  /** The first-written object of every key that begins so. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** The exact bytes of that version; undefined where there is none, or where it is larger than any of ours. */
  read(object: Pick<StoredObject, 'key' | 'versionId'>): Promise<Uint8Array | undefined>;
}

/** A source that also tells what an auditor asks of the bucket: versions, delete markers and retention. */
export interface AuditSource extends EvidenceSource {
  /** What reports call it. */
  readonly name: string;
  /** The bucket, where that is known. */
  readonly vault?: string;
  /** All that the vault holds is here, from its first digest on. */
  readonly complete: boolean;
  /** Who says which versions and locks there are: AWS now, the export's own list, which anybody could edit, or nobody. */
  readonly witness: 'bucket' | 'export' | 'none';
  /** The moment that it shows; absent where nobody wrote it down. */
  readonly asOf?: Date;
  /** Everything under the keys that begin so, in order of their keys. */
  holdings(prefix: string): AsyncIterable<Holding>;
  /** The content of a listed object; undefined where it is larger than any of ours. */
  open(object: StoredObject): Promise<Content | undefined>;
}

/** No record or digest has more bytes. */
export const LARGEST = 64 * 1024 * 1024;

/** A holding with the content of its object, where it has one that can be one of ours. */
export async function openHolding(
  source: AuditSource,
  holding: Holding,
): Promise<{ readonly holding: Holding; readonly content?: Content }> {
  const { object } = holding;
  return { holding, content: object && (await source.open(object)) };
}

/** What is to be said of a holding that is lost. */
export const LOST = 'The bucket held it when it was exported, and it is not here.';
