import { createHash } from 'node:crypto';
import type { Bucket } from '../../../lib/evidence/verify/bucket-source.ts';
import { memory } from './memory-source.ts';
import { type Objects, VAULT } from './vault.ts';

/** Opens a vault in memory as a bucket; `calls` counts the reads. */
export function bucketOf(objects: Objects): Bucket & { readonly calls: { opened: number; heads: number } } {
  const [source, calls] = [memory(objects), { opened: 0, heads: 0 }];
  return {
    ...source,
    vault: VAULT,
    calls,
    async open(object) {
      calls.opened++;
      return source.open(object);
    },
    async head({ key }) {
      calls.heads++;
      const { bytes = '', retention = 'none' } = objects.get(key) ?? {};
      return { retention, sha256: createHash('sha256').update(bytes).digest('hex') };
    },
  };
}
