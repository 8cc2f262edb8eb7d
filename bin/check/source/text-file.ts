import { createReadStream } from 'node:fs';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';

/** Twice of what CloudFormation takes. */
const LIMIT = 2 * 1024 * 1024;

/** A text and the mark of its encoding before it, which belongs to the file and not to the text. */
export interface Text {
  readonly mark: '' | '\uFEFF';
  readonly text: string;
}

/** A file's text, or that of standard input for `-`; throws `Unreadable` where there is none. */
export async function readText(file: string): Promise<Text> {
  const input: AsyncIterable<Buffer> = file === '-' ? process.stdin : createReadStream(file);
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of input) {
      size += chunk.length;
      if (size > LIMIT) throw new TemplateError('it is larger than 2 MB; CloudFormation takes no template above 1 MB');
      chunks.push(chunk);
    }
  } catch (error) {
    throw causeOf(error);
  }
  return decoded(Buffer.concat(chunks));
}

const UTF16 = [Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)];

function decoded(bytes: Buffer): Text {
  if (UTF16.some((mark) => bytes.subarray(0, 2).equals(mark)))
    throw new TemplateError('it is UTF-16; save it as UTF-8');
  const text = utf8(bytes);
  if (text === undefined || text.includes('\0')) throw new TemplateError('it is no text in UTF-8');
  return text.startsWith('\uFEFF') ? { mark: '\uFEFF', text: text.slice(1) } : { mark: '', text };
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The cause of what is not there. */
export const MISSING = 'there is no such file or folder';

const CAUSES: { readonly [code: string]: string } = {
  ENOENT: MISSING,
  ENOTDIR: MISSING,
  EACCES: 'it may not be read; check its permissions',
  EPERM: 'it may not be read; check its permissions',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'there can be no such file: the name is too long',
  ENXIO: 'it is no file',
};

/** Why a file cannot be read, in words; what is no matter of the file is thrown on. */
export function causeOf(error: unknown): TemplateError {
  if (error instanceof TemplateError) return error;
  const cause = error instanceof Error && 'code' in error ? CAUSES[String(error.code)] : undefined;
  if (cause) return new TemplateError(cause);
  throw error;
}
