import { plusDays } from '../../model/time.ts';
import type { DigestedRecord } from '../digest.ts';
import { signedDigestSchema } from '../schema.ts';
import { mapConcurrent } from '../verify/map-concurrent.ts';
import { dayPrefix, recordOf, sequenceOf } from '../verify/record-keys.ts';
import type { EvidenceSource, StoredObject } from '../verify/source.ts';
import type { Period } from './period.ts';

/** Digests can be large, and are read one after the other in their order. */
const WIDTH = 4;

/**
 * Copies the run of digests that list the records of a period, and those carried over from before it, without a gap; and of the
 * first and last of them also the records of other days, so that the copy can be verified by itself.
 */
export async function copyDigested(
  source: EvidenceSource,
  period: Period,
  carried: ReadonlySet<string>,
  copy: (key: string, bytes: Uint8Array) => Promise<void>,
): Promise<void> {
  const [start, end] = [dayPrefix(period.from), dayPrefix(plusDays(period.to, 1))];
  const isCopied = (key: string) => (key >= start && key < end) || carried.has(key);
  for (const digest of await run(source, isCopied)) {
    const bytes = await source.read(digest);
    if (!bytes) continue; // the verification has said so
    await copy(digest.key, bytes);
    for (const { key, versionId } of listedIn(bytes)) {
      const record = isCopied(key) || !recordOf(key) ? undefined : await source.read({ key, versionId });
      if (record) await copy(key, record);
    }
  }
}

/** The digests from the first to the last that lists what is copied, in their order. */
async function run(
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

/** What a digest lists; nothing of a file that is no digest, which the verification has told of. */
function listedIn(bytes: Uint8Array): readonly DigestedRecord[] {
  try {
    const { data } = signedDigestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return data?.digest.records ?? [];
  } catch {
    return [];
  }
}
