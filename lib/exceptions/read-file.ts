import { closeSync, openSync, readSync } from 'node:fs';
import type * as Yaml from 'yaml';
import type * as Zod from 'zod';
import type { Exception, Exceptions } from './exception.ts';
import { type Known, schemaOf } from './schema.ts';

/** Where something stands in a file, both counted from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file of exceptions as it was read. */
export interface ExceptionsFile {
  readonly file: string;
  readonly exceptions: readonly Exception[];
  /** As the hub published it, with everybody's exceptions; else it is a file that people write. */
  readonly published: boolean;
  /** File, line and column of an exception, for people. */
  placeOf(id: string): string;
}

/** What reads files that people write; the gate loads it at once and the command line in its own time, and both only if need be. */
export interface Parsers {
  readonly yaml: typeof Yaml;
  readonly zod: typeof Zod;
}

/** A file of exceptions cannot be used; the message names each place, what is wrong there and what is allowed. */
export class ExceptionsFileError extends Error {
  override readonly name = 'RegisterError';
}

/** No register comes near: it would have tens of thousands of exceptions, and what people write by hand would have thousands. */
const [MOST_BYTES, MOST_WRITTEN] = [32 * 1024 * 1024, 2 * 1024 * 1024];

/** A file's text; throws RegisterError where there is none. */
export function textOf(file: string): string {
  try {
    const bytes = bounded(file);
    if (bytes.length > MOST_BYTES) throw new ExceptionsFileError(`${file} is too large for a file of exceptions.`);
    return bytes.toString('utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof ExceptionsFileError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw new ExceptionsFileError(`${file} cannot be read: ${CAUSES[code] ?? error}.`);
  }
}

const CAUSES: { readonly [code: string]: string } = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'it may not be read; check its permissions',
};

/** No more than decides that it is too much, for a device has no end. */
function bounded(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    const chunks: Buffer[] = [];
    let [size, read] = [0, 1];
    while (read > 0 && size <= MOST_BYTES) {
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
 * Reads the published register; undefined where the text is none, but what people write. The hub has checked it against
 * controls that this release may not know yet, so it is looked at only as far as it is used.
 * @throws RegisterError where it is not whole, or of a schema that this release does not read
 */
export function parsePublishedExceptions(text: string, file: string): ExceptionsFile | undefined {
  const register = parsed(text);
  if (register?.schema === undefined) return undefined;
  if (register.schema !== SCHEMA)
    throw new ExceptionsFileError(
      `${file} is a register of the schema ${JSON.stringify(register.schema)}, and this release reads ${SCHEMA}; update evenkeel.`,
    );
  const { exceptions } = register;
  if (!Array.isArray(exceptions) || !exceptions.every(isWhole))
    throw new ExceptionsFileError(
      `${file} is not as the hub published it; fetch it again with "evenkeel register pull".`,
    );
  return { file, exceptions, published: true, placeOf: () => file };
}

const SCHEMA: Exceptions['schema'] = 'evenkeel.register/v1';

function parsed(text: string): Partial<Exceptions> | undefined {
  if (!/^\s*\{/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // read as what people write, it is told where the mistake is
  }
}

const isWhole = (entry: Partial<Exception> | null) =>
  (['id', 'control', 'owner', 'reason', 'ticket', 'approver', 'expires'] as const).every(
    (field) => typeof entry?.[field] === 'string',
  );

/**
 * Reads what people write, YAML or JSON, by its schema.
 * @throws RegisterError with everything that is wrong, not only the first
 */
export function parseExceptions(text: string, file: string, known: Known, { yaml, zod }: Parsers): ExceptionsFile {
  if (text.length > MOST_WRITTEN) throw new ExceptionsFileError(`${file} is too large for a file of exceptions.`);
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const at = (offset: number) => place(file, { line: lines.linePos(offset).line, column: lines.linePos(offset).col });
  const [syntax] = document.errors; // the others only follow from it
  if (syntax?.code === 'RESOURCE_EXHAUSTION') throw problem(file, [`${at(syntax.pos[0])}  it is nested too deeply.`]);
  if (syntax) throw problem(file, [`${at(syntax.pos[0])}  it is neither YAML nor JSON: ${syntax.message}.`]);
  const content = plain(document, file);
  const schema = schemaOf(zod, { ...known, controls: [...known.controls, ...rulesIn(content)] });
  const result = schema.safeParse(content);
  const offsetOf = (path: readonly PropertyKey[]) => offset(yaml, document, path);
  if (!result.success)
    throw problem(
      file,
      result.error.issues
        .toSorted((one, other) => offsetOf(one.path) - offsetOf(other.path))
        .map((issue) => fault(issue, (path) => at(offsetOf(path)))),
    );
  const { exceptions } = result.data;
  return {
    file,
    exceptions,
    published: false,
    placeOf: (id) => at(offsetOf(['exceptions', exceptions.findIndex((exception) => exception.id === id)])),
  };
}

function plain(document: Yaml.Document, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    // More aliases than a register has any use for.
    throw problem(file, [`its aliases cannot be resolved: ${error instanceof Error ? error.message : error}.`]);
  }
}

/** Hand-written Aspects have rules of their own, which the file names before exceptions can. */
const rulesIn = (content: unknown): readonly string[] =>
  typeof content === 'object' && content !== null && 'rules' in content && Array.isArray(content.rules)
    ? content.rules.filter((rule) => typeof rule === 'string')
    : [];

const place = (file: string, { line, column }: Position) => `${file}:${line}:${column}`;

const problem = (file: string, faults: readonly string[]) =>
  new ExceptionsFileError(
    [`${file} cannot be used as a file of exceptions:`, ...faults.map((one) => `  ${one}`)].join('\n'),
  );

function fault(
  { code, path, message, ...issue }: Zod.core.$ZodIssue,
  at: (path: readonly PropertyKey[]) => string,
): string {
  const name = path.map(String).join('.') || '(the whole file)';
  if (code !== 'unrecognized_keys') return `${at(path)}  ${name}: ${message}.`;
  const { keys } = issue as { keys: string[] }; // what issues of this code carry
  return `${at([...path, keys[0] ?? ''])}  ${name}: unknown ${keys.map((key) => JSON.stringify(key)).join(', ')}; remove it or correct its spelling.`;
}

/** Where the deepest part of a path that exists begins. */
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
