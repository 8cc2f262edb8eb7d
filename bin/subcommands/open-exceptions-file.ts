import {
  type ExceptionsFile,
  parseExceptions,
  parsePublishedExceptions,
  textOf,
} from '../../lib/exceptions/read-file.ts';
import type { Known } from '../../lib/exceptions/schema.ts';

/**
 * Opens a file of exceptions, loading what reads those that people write only for them.
 * @throws RegisterError
 */
export async function openExceptionsFile(file: string, known: Known): Promise<ExceptionsFile> {
  const text = textOf(file);
  const published = parsePublishedExceptions(text, file);
  if (published) return published;
  const { libraries } = await import('./parsers.ts');
  return parseExceptions(text, file, known, libraries);
}
