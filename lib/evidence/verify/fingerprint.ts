import { createHash } from 'node:crypto';

/** 128 bits of a text's SHA-256 as a string of its own: a part of a longer string would keep that one in memory. */
export const fingerprint = (text: string): string =>
  createHash('sha256').update(text).digest().toString('latin1', 0, 16);
