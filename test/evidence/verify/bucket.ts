import { createHash } from 'node:crypto';
import type { Bucket } from '../../../lib/evidence/verify/bucket-source.ts';
import { memory } from './memory.ts';
import { type Objects, VAULT } from './vault.ts';

/** A vault in memory that can be exported; `asked` counts what was read of it. */
export function bucketOf(objects: Objects): Bucket & { readonly asked: { opened: number; peeked: number } } {
  const [source, asked] = [memory(objects), { opened: 0, peeked: 0 }];
  return {
    ...source,
    vault: VAULT,
    asked,
    async open(object) {
      asked.opened++;
      return source.open(object);
    },
    async peek({ key }) {
      asked.peeked++;
      const { bytes = '', retention = 'none' } = objects.get(key) ?? {};
      return { retention, sha256: createHash('sha256').update(bytes).digest('hex') };
    },
  };
}
