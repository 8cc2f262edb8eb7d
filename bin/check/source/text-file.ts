import { createReadStream } from 'node:fs';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';

/** Twice the size that CloudFormation accepts. */
const MAX_BYTES = 2 * 1024 * 1024;

/** A text, and the byte order mark before it in the file. */
export interface Text {
  readonly mark: '' | '\uFEFF';
  readonly text: string;
}

/**
 * Reads a file, or standard input for `-`.
 * @throws TemplateError
 */
export async function readText(file: string): Promise<Text> {
  const input: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      size += chunk.length;
      if (size > MAX_BYTES) throw new TemplateError('larger than 2 MB; CloudFormation accepts templates up to 1 MB');
      chunks.push(chunk);
    }
  } catch (error) {
    throw templateErrorOf(error);
  }
  return decode(Buffer.concat(chunks));
}

const UTF16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];

function decode(bytes: Buffer): Text {
  if (UTF16.some((mark) => bytes.subarray(0, 2).equals(mark)))
    throw new TemplateError('encoded in UTF-16; save it as UTF-8');
  const text = utf8(bytes);
  if (text === undefined || text.includes('\0')) throw new TemplateError('not valid UTF-8');
  return text.startsWith('\uFEFF') ? { mark: '\uFEFF', text: text.slice(1) } : { mark: '', text };
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The message for a path that does not exist. */
export const MISSING = 'no such file or folder';

const CAUSES: { readonly [code: string]: string } = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EACCES: 'permission denied; check its permissions',
  EPERM: 'permission denied; check its permissions',
  EISDIR: 'a folder, not a file',
  ELOOP: 'its symbolic links form a loop',
  ENAMETOOLONG: 'the file name is too long',
  ENXIO: 'not a regular file',
};

/** Converts an error of the file system; throws any other error again. */
export function templateErrorOf(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const message = error instanceof Error && 'code' in error ? CAUSES[String(error.code)] : undefined;
  if (message) return new TemplateError(message);
  throw error;
}
