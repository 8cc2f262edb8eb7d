import { readFileSync } from 'node:fs';
import type * as Yaml from 'yaml';
import type * as Zod from 'zod';
import type { Exception, Register } from '../register.ts';
import { type Known, schemaOf } from './schema.ts';

/** Where something stands in a file, both counted from 1. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** A file of exceptions as it was read. */
export interface RegisterFile {
  readonly file: string;
  readonly exceptions: readonly Exception[];
  /** As the hub published it, with everybody's exceptions; else it is a file that people write. */
  readonly published: boolean;
  /** File, line and column of an exception, for people. */
  placeOf(id: string): string;
}

/** What reads files that people write; the gate loads it at once and the command line in its own time, and both only if need be. */
export interface Libraries {
  readonly yaml: typeof Yaml;
  readonly zod: typeof Zod;
}

/** A file of exceptions cannot be used; the message names each place, what is wrong there and what is allowed. */
export class RegisterError extends Error {
  override readonly name = 'RegisterError';
}

/** A file's text; throws RegisterError where there is none. */
export function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    throw new RegisterError(`${file} cannot be read: ${isAbsent ? 'there is no such file' : error}.`);
  }
}

/**
 * Reads the published register; undefined where the text is none, but what people write. The hub has checked it against
 * controls that this release may not know yet, so it is looked at only as far as it is used.
 * @throws RegisterError where it is not whole, or of a schema that this release does not read
 */
export function readPublished(text: string, file: string): RegisterFile | undefined {
  const register = parsed(text);
  if (register?.schema === undefined) return undefined;
  if (register.schema !== SCHEMA)
    throw new RegisterError(
      `${file} is a register of the schema ${JSON.stringify(register.schema)}, and this release reads ${SCHEMA}; update evenkeel.`,
    );
  const { exceptions } = register;
  if (!Array.isArray(exceptions) || !exceptions.every(isWhole))
    throw new RegisterError(`${file} is not as the hub published it; fetch it again with "evenkeel register pull".`);
  return { file, exceptions, published: true, placeOf: () => file };
}

const SCHEMA: Register['schema'] = 'evenkeel.register/v1';

function parsed(text: string): Partial<Register> | undefined {
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
export function readWritten(text: string, file: string, known: Known, { yaml, zod }: Libraries): RegisterFile {
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => place(file, { line: lines.linePos(offset).line, column: lines.linePos(offset).col });
  const [syntax] = document.errors; // the others only follow from it
  if (syntax) throw problem(file, [`${at(syntax.pos[0])}  it is neither YAML nor JSON: ${syntax.message}.`]);
  const content = plain(document, file);
  const schema = schemaOf(zod, { ...known, controls: [...known.controls, ...rulesIn(content)] });
  const result = schema.safeParse(content);
  const offsetOf = (path: readonly PropertyKey[]) => offset(yaml, document, path);
  if (!result.success)
    throw problem(
      file,
      result.error.issues.map((issue) => fault(issue, (path) => at(offsetOf(path)))),
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
    throw problem(file, [String(error)]); // more aliases than a register has any use for
  }
}

/** Hand-written Aspects have rules of their own, which the file names before exceptions can. */
const rulesIn = (content: unknown): readonly string[] =>
  typeof content === 'object' && content !== null && 'rules' in content && Array.isArray(content.rules)
    ? content.rules.filter((rule) => typeof rule === 'string')
    : [];

const place = (file: string, { line, column }: Position) => `${file}:${line}:${column}`;

const problem = (file: string, faults: readonly string[]) =>
  new RegisterError([`${file} cannot be used as a file of exceptions:`, ...faults.map((one) => `  ${one}`)].join('\n'));

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
