import { closeSync, openSync, readSync } from 'node:fs';
import type * as Yaml from 'yaml';
import type * as Zod from 'zod';
import { errorMessage } from '../model/errors.ts';
import type { Exception, Exceptions } from './exception.ts';
import { type Known, schemaOf } from './schema.ts';

/** A place in a file, counted from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** An exceptions file as read. */
export interface ExceptionsFile {
  readonly file: string;
  readonly exceptions: readonly Exception[];
  /** Whether the hub published the file; otherwise people write it. */
  readonly published: boolean;
  /** File, line and column of an exception. */
  placeOf(id: string): string;
}

/** The libraries that read files written by people. The gate and the command line load them only if there is such a file. */
export interface Parsers {
  readonly yaml: typeof Yaml;
  readonly zod: typeof Zod;
}

/** An exceptions file is missing or invalid; the message lists each place, the problem and the allowed values. */
export class ExceptionsFileError extends Error {
  override readonly name = 'ExceptionsFileError';
}

/** The limits of a published file (tens of thousands of exceptions) and of a file that people write (thousands). */
const [MAX_PUBLISHED_BYTES, MAX_WRITTEN_LENGTH] = [32 * 1024 * 1024, 2 * 1024 * 1024];

/**
 * Reads a file's text.
 * @throws ExceptionsFileError
 */
export function textOf(file: string): string {
  try {
    const bytes = bytesOf(file);
    if (bytes.length > MAX_PUBLISHED_BYTES)
      throw new ExceptionsFileError(`${file} is too large for an exceptions file. Check the path.`);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof ExceptionsFileError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ExceptionsFileError(`Cannot read ${file}: ${CAUSES[code] ?? error}.`, { cause: error });
  }
}

const CAUSES: { readonly [code: string]: string } = {
  ENOENT: 'no such file',
  EISDIR: 'it is a folder, not a file',
  EACCES: 'permission denied',
};

/** Reads no more than the limit, because a device has no end. */
function bytesOf(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let [size, read] = [0, 1];
    while (read > 0 && size <= MAX_PUBLISHED_BYTES) {
      const chunk = Buffer.alloc(64 * 1024);
      read = readSync(handle, chunk);
      chunks.push(chunk.subarray(0, read));
      size += read;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(handle);
  }
}

/**
 * Reads published exceptions; undefined for a text that people write. The hub has validated the entries against
 * controls that this release may not know yet, so this function checks only the fields that it uses.
 * @throws ExceptionsFileError if the file is incomplete, or has a schema that this release cannot read
 */
export function parsePublishedExceptions(text: string, file: string): ExceptionsFile | undefined {
  const published = parsedJson(text);
  if (published?.schema === undefined) return undefined;
  if (published.schema !== SCHEMA)
    throw new ExceptionsFileError(
      `${file} has the schema ${JSON.stringify(published.schema)}, but this release reads only ${SCHEMA}. Update evenkeel.`,
    );
  const { exceptions } = published;
  if (!Array.isArray(exceptions) || !exceptions.every(isComplete))
    throw new ExceptionsFileError(`${file} is not complete. Download it again with "evenkeel exceptions pull".`);
  return { file, exceptions, published: true, placeOf: () => file };
}

const SCHEMA: Exceptions['schema'] = 'evenkeel.exceptions/v1';

function parsedJson(text: string): Partial<Exceptions> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // the YAML parser reports the place of the mistake
  }
}

const isComplete = (entry: Partial<Exception> | null) =>
  (['id', 'control', 'owner', 'reason', 'ticket', 'approver', 'expires'] as const).every(
    (field) => typeof entry?.[field] === 'string',
  );

/**
 * Reads an exceptions file that people write, YAML or JSON.
 * @throws ExceptionsFileError with all problems, not only the first
 */
export function parseExceptions(text: string, file: string, known: Known, { yaml, zod }: Parsers): ExceptionsFile {
  if (text.length > MAX_WRITTEN_LENGTH)
    throw new ExceptionsFileError(`${file} is too large for an exceptions file. Check the path.`);
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number) => place(file, { line: lines.linePos(offset).line, column: lines.linePos(offset).col });
  const [syntax] = document.errors; // the others follow from the first
  if (syntax?.code === 'RESOURCE_EXHAUSTION') throw invalid(file, [`${at(syntax.pos[0])}  nested too deeply.`]);
  if (syntax) throw invalid(file, [`${at(syntax.pos[0])}  not valid YAML or JSON: ${syntax.message}.`]);
  const content = contentOf(document, file);
  const schema = schemaOf(zod, { ...known, controls: [...known.controls, ...rulesIn(content)] });
  const result = schema.safeParse(content);
  const offsetOf = (path: readonly PropertyKey[]) => offset(yaml, document, path);
  if (!result.success)
    throw invalid(
      file,
      result.error.issues
        .toSorted((one, other) => offsetOf(one.path) - offsetOf(other.path))
        .map((issue) => problemText(issue, (path) => at(offsetOf(path)))),
    );
  const { exceptions } = result.data;
  return {
    file,
    exceptions,
    published: false,
    placeOf: (id) => at(offsetOf(['exceptions', exceptions.findIndex((exception) => exception.id === id)])),
  };
}

function contentOf(document: Yaml.Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // The file has more aliases than any exceptions file needs.
    throw invalid(file, [`cannot resolve its aliases: ${errorMessage(error)}.`], error);
  }
}

/** The rules of hand-written Aspects that the file lists, so that its exceptions can name them. */
const rulesIn = (content: unknown): readonly string[] =>
  typeof content === 'object' && content !== null && 'rules' in content && Array.isArray(content.rules)
    ? content.rules.filter((rule) => typeof rule === 'string')
    : [];

const place = (file: string, { line, column }: Position) => `${file}:${line}:${column}`;

const invalid = (file: string, problems: readonly string[], cause?: unknown) =>
  new ExceptionsFileError(
    [`${file} is not a valid exceptions file:`, ...problems.map((one) => `  ${one}`)].join('\n'),
    {
      cause,
    },
  );

function problemText(
  { code, path, message, ...issue }: Zod.core.$ZodIssue,
  at: (path: readonly PropertyKey[]) => string,
): string {
  const name = path.map(String).join('.') || '(the whole file)';
  if (code !== 'unrecognized_keys') return `${at(path)}  ${name}: ${message}.`;
  const { keys } = issue as { keys: string[] }; // what issues of this code carry
  return `${at([...path, keys[0] ?? ''])}  ${name}: unknown ${keys.map((key) => JSON.stringify(key)).join(', ')}; remove it or correct its spelling.`;
}

/** The offset of the deepest existing part of a path. */
function offset(
  { isMap, isNode, isScalar, isSeq }: typeof Yaml,
  { contents }: Yaml.Document,
  path: readonly PropertyKey[],
) {
  let node: unknown = contents;
  let found = isNode(contents) ? (contents.range?.[0] ?? 0) : 0;
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
    const next = isSeq(node) ? node.items[Number(step)] : pair?.value;
    const start = pair?.key ?? next;
    if (!isNode(start) || !start.range) break;
    [found] = start.range;
    node = next;
  }
  return found;
}
