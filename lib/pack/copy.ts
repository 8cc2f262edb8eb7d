import { ahead } from '../audit/ahead.ts';
import { recordOf, sequenceOf } from '../audit/keys.ts';
import type { EvidenceSource } from '../audit/source.ts';
import { digestKey } from '../digest.ts';
import { signedDigestSchema } from '../schemas.ts';
import { dayPrefix, type Period, plusDays } from './period.ts';

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
  const [first, last] = await run(source, isCopied);
  for (let sequence = first; sequence <= last; sequence++) {
    const bytes = await source.read(digestKey(sequence));
    if (!bytes) continue; // the verification has said so
    await copy(digestKey(sequence), bytes);
    for (const key of keysIn(bytes)) {
      const record = isCopied(key) || !recordOf(key) ? undefined : await source.read(key);
      if (record) await copy(key, record);
    }
  }
}

/** The numbers of the first and the last digest that list what is copied; none where the last is below the first. */
async function run(source: EvidenceSource, isCopied: (key: string) => boolean): Promise<readonly [number, number]> {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  const read = async ({ key }: { key: string }) => ({ sequence: sequenceOf(key), bytes: await source.read(key) });
  for await (const { sequence, bytes } of ahead(source.list('digests/'), WIDTH, read)) {
    if (!sequence || !bytes || !keysIn(bytes).some(isCopied)) continue;
    first = Math.min(first, sequence);
    last = Math.max(last, sequence);
  }
  return [first, last];
}

/** The keys that a digest lists; none of a file that is no digest, which the verification has told of. */
function keysIn(bytes: Uint8Array): string[] {
  try {
    const { data } = signedDigestSchema.safeParse(JSON.parse(new TextDecoder().decode(bytes)));
    return data?.digest.records.map(({ key }) => key) ?? [];
  } catch {
    return [];
  }
}
