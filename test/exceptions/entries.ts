import * as yaml from 'yaml';
import * as zod from 'zod';
import type { Exception } from '../../lib/exceptions/exception.ts';
import { type ExceptionsFile, parseExceptions, parsePublishedExceptions } from '../../lib/exceptions/read-file.ts';
import type { Known } from '../../lib/exceptions/schema.ts';

/** A time within every limit of the example. */
export const NOW = new Date('2026-11-21T12:00:00Z');

/** An exception for the control `lock` on the resource Front of the stack Shop, with the changes of a test. */
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

/** An exceptions file that people write, as read. */
export const written = (exceptions: readonly Exception[], file = 'exceptions.yaml') =>
  read(JSON.stringify({ rules: exceptions.map(({ control }) => control), exceptions }), { controls: [] }, file);

/** Published exceptions, as read. */
export const published = (exceptions: readonly Exception[]): ExceptionsFile =>
  read(JSON.stringify({ schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions }));

/** Parses the text of an exceptions file. */
export const read = (text: string, known: Known = { controls: ['lock'] }, file = 'exceptions.yaml'): ExceptionsFile =>
  parsePublishedExceptions(text, file) ?? parseExceptions(text, file, known, { yaml, zod });
