import { posix } from 'node:path';
import { type Piece, scan } from './scan.ts';

/** An import of one source file by another, types and dynamic imports included. */
export interface Import {
  readonly from: string;
  readonly to: string;
  readonly line: number;
  /** Whether only types are imported, which the compiler erases. */
  readonly typeOnly: boolean;
}

const TYPES = /\b(?:import|export)\s+type\s[^;]*$/;
/** The code before the string that names an imported module. */
const IMPORTS = /(?:\bfrom|(?:^|[\s;}])import)\s*$|\bimport\s*\(\s*$/;

/** The imports of a file: paths from the root for relative ones, the package's name for others. */
export function importsOf(file: string, source: string): Import[] {
  return scan(source)
    .filter(({ kind }) => kind !== 'comment')
    .flatMap((piece, index, pieces) => {
      const before = codeBefore(pieces[index - 1]);
      if (piece.kind !== 'string' || !IMPORTS.test(before)) return [];
      return [{ from: file, to: target(file, piece.text), line: piece.line, typeOnly: TYPES.test(before) }];
    });
}

const codeBefore = (piece: Piece | undefined) => (piece?.kind === 'code' ? piece.text : '');

const target = (file: string, name: string) => (name.startsWith('.') ? posix.join(posix.dirname(file), name) : name);

/** The groups of files that import each other, each in alphabetical order (Tarjan's strongly connected components). */
export function cycles(imports: readonly Import[]): string[][] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) next.set(from, [...(next.get(from) ?? []), to]);
  const [index, low] = [new Map<string, number>(), new Map<string, number>()];
  const stack: string[] = [];
  const found: string[][] = [];

  const visit = (file: string): number => {
    let lowest = index.size;
    index.set(file, lowest);
    stack.push(file);
    for (const to of next.get(file) ?? []) {
      if (to === file) found.push([file]);
      if (!index.has(to)) lowest = Math.min(lowest, visit(to));
      else if (stack.includes(to)) lowest = Math.min(lowest, low.get(to) ?? index.get(to) ?? lowest);
      low.set(file, lowest);
    }
    if (lowest === index.get(file)) {
      const group = stack.splice(stack.indexOf(file));
      if (group.length > 1) found.push(group.sort());
    }
    return lowest;
  };

  for (const file of next.keys()) if (!index.has(file)) visit(file);
  return found;
}
