/** One object of a vault as it was listed, in the bucket itself or in a folder that it was exported to. */
export interface StoredObject {
  readonly key: string;
  readonly versionId: string;
  readonly lastModified: string;
  readonly bytes: number;
}

/** Records and digests to be read, wherever they are: listed in order of their keys, and never held all at once. */
export interface EvidenceSource {
  /** Every current object whose key begins so. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** An object's exact bytes; undefined where there is none. */
  read(key: string): Promise<Uint8Array | undefined>;
}
