import { plusDays } from '../../model/time.ts';
import type { DigestedRecord } from '../digest.ts';
import { signedDigestReader } from '../schema.ts';
import type { EvidenceSource, StoredObject } from '../verify/evidence-source.ts';
import { mapConcurrent } from '../verify/map-concurrent.ts';
import { dayPrefix, recordOf, sequenceOf } from '../verify/record-keys.ts';
import type { Period } from './read-executions.ts';

/** The number of digests to read at once; they can be large. */
const WIDTH = 4;

/**
 * Copies the digests that list the records of a period or earlier records of its executions, without a gap, and all other records
 * that these digests list, so that the copy can be verified by itself.
 */
export async function copyDigested(
  source: EvidenceSource,
  period: Period,
  earlier: ReadonlySet<string>,
  copy: (key: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const [start, end] = [dayPrefix(period.from), dayPrefix(plusDays(period.to, 1))];
  const isCopied = (key: string) => (key >= start && key < end) || earlier.has(key);
  for (const digest of await digestsOf(source, isCopied)) {
    const bytes = await source.read(digest);
    if (!bytes) continue; // the verification reports it
    await copy(digest.key, bytes);
    for (const { key, versionId } of listedIn(bytes)) {
      const record = isCopied(key) || !recordOf(key) ? undefined : await source.read({ key, versionId });
      if (record) await copy(key, record);
    }
  }
}

/** The digests from the first to the last that list a copied record, in order. */
async function digestsOf(
  source: EvidenceSource,
  isCopied: (key: string) => boolean,
): Promise<readonly Pick<StoredObject, 'key' | 'versionId'>[]> {
  const digests: Pick<StoredObject, 'key' | 'versionId'>[] = [];
  let [first, last] = [Number.POSITIVE_INFINITY, -1];
  const read = async (object: StoredObject) => ({ object, bytes: await source.read(object) });
  for await (const { object, bytes } of mapConcurrent(source.list('digests/'), WIDTH, read)) {
    const { key, versionId } = object;
    if (sequenceOf(key) === undefined) continue;
    if (bytes && listedIn(bytes).some((record) => isCopied(record.key))) {
      first = Math.min(first, digests.length);
      last = digests.length;
    }
    digests.push({ key, versionId });
  }
  return digests.slice(first, last + 1);
}

/** The records that a digest lists; none if the file is not a digest, which the verification reports. */
function listedIn(bytes: Uint8Array): readonly DigestedRecord[] {
  try {
    const { data } = signedDigestReader.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return data?.digest.records ?? [];
  } catch {
    return [];
  }
}
