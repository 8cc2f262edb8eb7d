import type { Config } from '../config/config.ts';

/**
 * The owners whose notifications each e-mail address receives; undefined for all notifications. SNS accepts an address once
 * per topic, so an address of two owners has one subscription for both.
 */
export function subscribersOf({
  notify,
  owners,
}: Pick<Config, 'notify' | 'owners'>): ReadonlyMap<string, readonly string[] | undefined> {
  const subscribers = new Map<string, readonly string[] | undefined>();
  for (const [owner, { emails }] of Object.entries(owners))
    for (const email of emails) subscribers.set(email, [...new Set([...(subscribers.get(email) ?? []), owner])]);
  for (const email of notify) subscribers.set(email, undefined);
  return subscribers;
}
