import * as yaml from 'yaml';
import * as zod from 'zod';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { type ExceptionsFile, parseExceptions, parsePublishedExceptions } from '../../lib/exceptions/read-file.ts';
import type { Known } from '../../lib/exceptions/schema.ts';

/** A day well within every limit. */
export const NOW = new Date('2026-11-21T12:00:00Z');

/** An exception for the toys' lock on the front door of the stack Shop, with what a test changes. */
export const exception = (changes: Partial<Exception> = {}): Exception => ({
  id: 'front-door',
  control: 'lock',
  template: { stack: 'Shop', resource: 'Front' },
  owner: 'shop-team',
  reason: 'Deliveries come at night.',
  ticket: 'SHOP-1',
  approver: 'ciso@example.com',
  expires: '2027-03-31',
  ...changes,
});

/** A file that people write, as if it had been read. */
export const written = (exceptions: readonly Exception[], file = 'exceptions.yaml') =>
  read(JSON.stringify({ rules: exceptions.map(({ control }) => control), exceptions }), { controls: [] }, file);

/** The register as if the hub had published it. */
export const published = (exceptions: readonly Exception[]): ExceptionsFile =>
  read(JSON.stringify({ schema: 'evenkeel.register/v1', commit: 'c', exceptions }));

/** Reads a file's text. */
export const read = (text: string, known: Known = { controls: ['lock'] }, file = 'exceptions.yaml'): ExceptionsFile =>
  parsePublishedExceptions(text, file) ?? parseExceptions(text, file, known, { yaml, zod });
