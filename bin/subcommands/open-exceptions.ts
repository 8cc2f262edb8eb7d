import { controls } from '../../controls/index.ts';
import { Exemptions } from '../../lib/exceptions/exemptions.ts';
import { type ExceptionFiles, filesOf } from '../../lib/exceptions/files.ts';
import {
  type ExceptionsFile,
  parseExceptions,
  parsePublishedExceptions,
  textOf,
} from '../../lib/exceptions/read-file.ts';
import type { Known } from '../../lib/exceptions/schema.ts';

const CATALOGUE: Known = { controls: controls.map(({ id }) => id) };

/**
 * Opens an exceptions file; loads the parsers only for a file that people write.
 * @throws ExceptionsFileError
 */
export async function openExceptions(file: string, known: Known = CATALOGUE): Promise<ExceptionsFile> {
  const text = textOf(file);
  const published = parsePublishedExceptions(text, file);
  if (published) return published;
  const { parsers } = await import('./parsers.ts');
  return parseExceptions(text, file, known, parsers);
}

/**
 * Opens the exceptions files of a run.
 * @throws ExceptionsFileError
 */
export async function openExemptions(source: ExceptionFiles, now: Date): Promise<Exemptions> {
  const { exceptions, proposals } = filesOf([source]);
  const open = (file: string) => openExceptions(file);
  return new Exemptions(await Promise.all(exceptions.map(open)), await Promise.all(proposals.map(open)), now);
}
