import { createHash } from 'node:crypto';
import type { Trigger } from './trigger.ts';

/**
 * Returns a UUID that is the same for the same words. An execution's id is made of event, control and resource: one event may
 * concern several of each, and its duplicate must lead to the same execution. A UUID fits a session name.
 */
export function stableId(...words: readonly string[]): string {
  const hex = createHash('sha256').update(JSON.stringify(words)).digest('hex');
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}

/** The execution of a trigger. The trigger of a successor names it; other ids are made of the event, the control and the resource. */
export const executionOf = ({ source, event, control, account, region, resource }: Trigger): string =>
  source === 'coalesced' ? event : stableId(event, control, account, region, resource);
