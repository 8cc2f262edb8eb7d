import { importsOf } from './import-graph.ts';

/** A declaration that a file exports, with the doc comment before it. */
export interface Declaration {
  readonly name: string;
  readonly kind: string;
  readonly line: number;
  readonly doc: string;
}

const DECLARATION =
  /^export (?:default |declare |abstract |async )*(const|function|class|interface|type|enum)\*? (\w+)(.*(?:\n {2}.*|\n\).*)*)/gm;
const DOC = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*(?:(?:\/\/.*|@.*)\s*)*$/;

/** The declarations that a source file exports. */
export function declarationsOf(source: string): Declaration[] {
  return [...source.matchAll(DECLARATION)].map(({ index, 1: keyword = '', 2: name = '', 3: rest = '' }) => {
    const before = source.slice(0, index);
    const isFunction =
      keyword === 'function' || (keyword === 'const' && /^[^=]*= (?:async )?(?:<|\([^=]*=>)/.test(rest));
    return {
      name,
      kind: isFunction ? 'function' : keyword,
      line: before.split('\n').length,
      doc: DOC.exec(before)?.[1] ?? '',
    };
  });
}

/** Where each name that an entry of the package exports is declared, by name. */
export function publicExports(entry: string, textOf: (file: string) => string): Map<string, string> {
  const source = textOf(entry);
  const own = declarationsOf(source).map(({ name }): [string, string] => [name, entry]);
  const others = [...source.matchAll(/^export (?:type )?(\*|\{[^}]*\}) from '([^']+)';$/gm)].flatMap(
    ([statement, names = '']): [string, string][] => {
      const file = importsOf(entry, statement)[0]?.to;
      if (!file) return [];
      const known = publicExports(file, textOf);
      if (names === '*') return [...known];
      return names
        .replace(/[{}]|\btype\b/g, '')
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean)
        .map((name) => [name, known.get(name) ?? file]);
    },
  );
  return new Map([...own, ...others]);
}
