/** A piece of TypeScript source: code, a comment, a regular expression, or the text of a string or template. */
export interface Piece {
  readonly kind: 'code' | 'comment' | 'string' | 'template' | 'regex';
  readonly text: string;
  /** The line on which the piece starts, from 1. */
  readonly line: number;
}

// A slash after one of these starts a regular expression; after a name, a number or a closing bracket it divides.
const BEFORE_REGEX = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|of|in|yield|await))\s*$/;

/** Splits TypeScript source into pieces, in order; quotes and comment signs are not part of a piece. */
export function scan(source: string): Piece[] {
  const pieces: Piece[] = [];
  // Each open `${` of a template: the depth of braces inside it.
  const templates: number[] = [];
  let at = 0;
  let line = 1;
  let code = '';
  let codeLine = 1;

  const advance = (to: number) => {
    for (; at < to; at++) if (source[at] === '\n') line++;
  };
  const flush = () => {
    if (code.trim()) pieces.push({ kind: 'code', text: code, line: codeLine });
    code = '';
  };
  const take = (kind: Piece['kind'], from: number, to: number, end: number) => {
    flush();
    advance(from);
    pieces.push({ kind, text: source.slice(from, to), line });
    advance(end);
    codeLine = line;
  };
  const template = (from: number) => {
    const end = closing(source, from, ['`', '${']);
    if (source[end] === '$') templates.push(0);
    take('template', from, end, end + (source[end] === '$' ? 2 : 1));
  };

  while (at < source.length) {
    const [char, next] = [source.charAt(at), source.charAt(at + 1)];
    if (char === '/' && next === '/') {
      const end = source.indexOf('\n', at);
      take('comment', at + 2, end < 0 ? source.length : end, end < 0 ? source.length : end);
    } else if (char === '/' && next === '*') {
      const end = source.indexOf('*/', at + 2);
      take('comment', at + 2, end, end + 2);
    } else if (char === "'" || char === '"') {
      const end = closing(source, at + 1, [char]);
      take('string', at + 1, end, end + 1);
    } else if (char === '`') {
      template(at + 1);
    } else if (char === '}' && templates.at(-1) === 0) {
      templates.pop();
      template(at + 1);
    } else if (
      char === '/' &&
      BEFORE_REGEX.test(code || pieces.findLast(({ kind }) => kind !== 'comment')?.text || '')
    ) {
      const end = closing(source, at + 1, ['/']);
      take('regex', at + 1, end, end + 1);
    } else {
      const depth = templates.at(-1);
      if (depth !== undefined && char === '{') templates[templates.length - 1] = depth + 1;
      if (depth !== undefined && char === '}') templates[templates.length - 1] = depth - 1;
      if (!code) codeLine = line;
      code += char;
      advance(at + 1);
    }
  }
  flush();
  return pieces;
}

/** Where the first of these ends stands, with escapes and, for a regular expression, its classes skipped. */
function closing(source: string, from: number, ends: readonly string[]): number {
  let inClass = false;
  for (let at = from; at < source.length; at++) {
    const char = source[at];
    if (char === '\\') at++;
    else if (ends[0] === '/' && char === '[') inClass = true;
    else if (ends[0] === '/' && char === ']') inClass = false;
    else if (!inClass && ends.some((end) => source.startsWith(end, at))) return at;
  }
  return source.length;
}
