import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/** SHA-256 of a string or of bytes, in hexadecimal. */
export const sha256 = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** The canonical JSON of a value (RFC 8785); equal for equal values. */
export function canonical(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('Cannot compute canonical JSON: the value is not JSON.');
  return text;
}
