import { createHmac } from 'node:crypto';
import { canonical } from './canonical.ts';
import { isList, isObject, type Json } from './json.ts';
import type { Properties, Property } from './property.ts';
import type { State } from './template-view.ts';

/** Whether any of the properties, at any depth, is secret. */
export const hasSecrets = (properties: Properties): boolean => Object.values(properties).some(isSecret);

function isSecret(property: Property): boolean {
  if (property.secret) return true;
  if (property.kind === 'list') return isSecret(property.item);
  if (property.kind === 'map') return isSecret(property.value);
  return property.kind === 'object' && hasSecrets(property.properties);
}

/**
 * Replaces each secret value by a keyed hash of it. Equal values stay equal under one key, and a short value cannot be
 * found by trial without the key.
 */
export function redact(state: State, properties: Properties, key: Uint8Array): State {
  return Object.fromEntries(
    Object.entries(state).map(([name, value]) => [name, redactValue(value, properties[name], key)]),
  );
}

function redactValue(value: Json | undefined, property: Property | undefined, key: Uint8Array): Json | undefined {
  if (value === undefined || property === undefined) return value;
  if (property.secret)
    return `redacted:${createHmac('sha256', key)
      .update(canonical([value]))
      .digest('hex')}`;
  if (property.kind === 'list' && isList(value))
    return value.map((item) => redactValue(item, property.item, key) ?? item);
  if (property.kind === 'object' && isObject(value)) return redact(value, property.properties, key);
  if (property.kind !== 'map' || !isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, redactValue(item, property.value, key)]),
  );
}
