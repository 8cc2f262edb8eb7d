import { createHash } from 'node:crypto';
import type { Trigger } from './trigger.ts';

/**
 * A UUID that is the same for the same words. An execution's id is made of event, control and resource: one event may
 * concern several of each, and a duplicate of it must lead to the same execution; 36 characters fit a session's name.
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

/** The execution that a hint leads to: a successor is named by the hint itself, everything else by the event and what it concerns. */
export const executionOf = ({ source, event, control, account, region, resource }: Trigger): string =>
  source === 'coalesced' ? event : stableId(event, control, account, region, resource);
