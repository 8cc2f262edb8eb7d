import { writeFile } from 'node:fs/promises';
import { errorMessage } from '../../lib/evaluate/verdict.ts';

/** A file could not be written. */
export class NotWritten extends Error {
  override readonly name = 'NotWritten';
}

/** Writes a file; throws `NotWritten` where that cannot be done. */
export async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new NotWritten(`${file} cannot be written: ${errorMessage(error)}`);
  }
}
