import type { Config } from '../config/config.ts';

/**
 * Who reads what, by e-mail address: what concerns those owners, or everything. SNS takes an address only once per topic, so
 * that one which belongs to two owners has one subscription for both.
 */
export function subscribersOf({
  notify,
  owners,
}: Pick<Config, 'notify' | 'owners'>): ReadonlyMap<string, readonly string[] | undefined> {
  const readers = new Map<string, readonly string[] | undefined>();
  for (const [owner, { emails }] of Object.entries(owners))
    for (const email of emails) readers.set(email, [...new Set([...(readers.get(email) ?? []), owner])]);
  for (const email of notify) readers.set(email, undefined);
  return readers;
}
