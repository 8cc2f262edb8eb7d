import { type RegisterFile, readPublished, readWritten, textOf } from '../../lib/register/read.ts';
import type { Known } from '../../lib/register/schema.ts';

/**
 * Opens a file of exceptions, loading what reads those that people write only for them.
 * @throws RegisterError
 */
export async function openRegister(file: string, known: Known): Promise<RegisterFile> {
  const text = textOf(file);
  const published = readPublished(text, file);
  if (published) return published;
  const { libraries } = await import('./libraries.ts');
  return readWritten(text, file, known, libraries);
}
