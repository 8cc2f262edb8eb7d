/** An item of a table, with its attributes as plain values; a set is a Set. */
export type Row = { readonly pk: string; [attribute: string]: unknown };

/** The names and values that an expression refers to. */
export interface Placeholders {
  readonly ExpressionAttributeNames?: { readonly [name: string]: string };
  readonly ExpressionAttributeValues?: { readonly [value: string]: unknown };
}

/** Reads the tokens of one DynamoDB expression, and counts the placeholders that it uses. */
class Tokens {
  readonly used = new Set<string>();
  readonly #tokens: readonly string[];
  readonly #placeholders: Placeholders;
  #at = 0;

  constructor(expression: string, placeholders: Placeholders) {
    this.#tokens = expression.match(/[#:]?\w+|<>|<=|>=|[=<>(),+]/g) ?? [];
    this.#placeholders = placeholders;
  }

  get next(): string | undefined {
    return this.#tokens[this.#at];
  }

  is(word: string): boolean {
    return this.next?.toUpperCase() === word;
  }

  take(word?: string): string {
    const token = this.next;
    if (token === undefined || (word !== undefined && !this.is(word)))
      throw new Error(
        `ValidationException: expected ${word ?? 'a token'} in "${this.#tokens.join(' ')}", not ${token}`,
      );
    this.#at++;
    return token;
  }

  accept(word: string): boolean {
    const found = this.is(word);
    if (found) this.#at++;
    return found;
  }

  /** An attribute, by its name or by a placeholder for it. */
  attribute(): string {
    const token = this.take();
    if (!token.startsWith('#')) return token;
    this.used.add(token);
    return known(this.#placeholders.ExpressionAttributeNames, token) as string; // names are strings
  }

  value(): unknown {
    const token = this.take();
    this.used.add(token);
    return known(this.#placeholders.ExpressionAttributeValues, token);
  }
}

function known(placeholders: { readonly [name: string]: unknown } | undefined, token: string): unknown {
  if (!placeholders || !Object.hasOwn(placeholders, token))
    throw new Error(`ValidationException: ${token} is not defined`);
  return placeholders[token];
}

/** Whether a row meets a condition or a key condition. */
export function holds(expression: string | undefined, row: Row | undefined, placeholders: Placeholders): boolean {
  if (expression === undefined) return true;
  const tokens = new Tokens(expression, placeholders);
  const result = or(tokens, row);
  finished(tokens, expression);
  remember(tokens, placeholders);
  return result;
}

function or(tokens: Tokens, row: Row | undefined): boolean {
  let result = and(tokens, row);
  while (tokens.accept('OR')) result = and(tokens, row) || result;
  return result;
}

function and(tokens: Tokens, row: Row | undefined): boolean {
  let result = term(tokens, row);
  while (tokens.accept('AND')) result = term(tokens, row) && result;
  return result;
}

function term(tokens: Tokens, row: Row | undefined): boolean {
  if (tokens.accept('(')) {
    const result = or(tokens, row);
    tokens.take(')');
    return result;
  }
  if (tokens.accept('ATTRIBUTE_EXISTS')) return argument(tokens, row) !== undefined;
  if (tokens.accept('ATTRIBUTE_NOT_EXISTS')) return argument(tokens, row) === undefined;
  const left = operand(tokens, row);
  if (tokens.accept('IN')) {
    tokens.take('(');
    const values = [operand(tokens, row)];
    while (tokens.accept(',')) values.push(operand(tokens, row));
    tokens.take(')');
    return values.includes(left);
  }
  return compare(tokens.take(), left, operand(tokens, row));
}

function argument(tokens: Tokens, row: Row | undefined): unknown {
  tokens.take('(');
  const name = tokens.attribute();
  tokens.take(')');
  return row?.[name];
}

function operand(tokens: Tokens, row: Row | undefined): unknown {
  if (tokens.next?.startsWith(':')) return tokens.value();
  if (tokens.accept('SIZE')) {
    const value = argument(tokens, row);
    return Array.isArray(value) ? value.length : value instanceof Set ? value.size : undefined;
  }
  const name = tokens.attribute();
  return row?.[name];
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  // DynamoDB: a comparison with an attribute that is not there is false, except `<>`.
  if (operator === '<>') return left !== right;
  if (left === undefined || right === undefined) return false;
  if (operator === '=') return left === right;
  if (typeof left !== typeof right) return false;
  const [one, other] = [left as number, right as number]; // numbers or strings, which compare alike
  if (operator === '<') return one < other;
  if (operator === '>') return one > other;
  if (operator === '<=') return one <= other;
  if (operator === '>=') return one >= other;
  throw new Error(`ValidationException: unknown operator ${operator}`);
}

/** Applies an update to a row. */
export function updated(expression: string, row: Row, placeholders: Placeholders): Row {
  const tokens = new Tokens(expression, placeholders);
  const next: Row = { ...row };
  const each = (change: () => void) => {
    do change();
    while (tokens.accept(','));
  };
  while (tokens.next !== undefined) {
    if (tokens.accept('SET')) each(() => set(tokens, row, next));
    else if (tokens.accept('REMOVE')) each(() => delete next[tokens.attribute()]);
    else if (tokens.accept('ADD')) each(() => add(tokens, row, next));
    else finished(tokens, expression);
  }
  remember(tokens, placeholders);
  return next;
}

function set(tokens: Tokens, row: Row, next: Row): void {
  const name = tokens.attribute();
  tokens.take('=');
  next[name] = assigned(tokens, row);
}

function assigned(tokens: Tokens, row: Row): unknown {
  if (tokens.accept('LIST_APPEND')) {
    tokens.take('(');
    const list = assigned(tokens, row);
    tokens.take(',');
    const more = assigned(tokens, row);
    tokens.take(')');
    return [...(list as unknown[]), ...(more as unknown[])]; // DynamoDB takes lists only
  }
  if (tokens.accept('IF_NOT_EXISTS')) {
    tokens.take('(');
    const known = row[tokens.attribute()];
    tokens.take(',');
    const otherwise = assigned(tokens, row);
    tokens.take(')');
    return known ?? otherwise;
  }
  return operand(tokens, row);
}

function add(tokens: Tokens, row: Row, next: Row): void {
  const name = tokens.attribute();
  const value = tokens.value();
  const known = row[name];
  next[name] =
    value instanceof Set ? new Set([...((known as Set<unknown>) ?? []), ...value]) : Number(known ?? 0) + Number(value); // DynamoDB adds to numbers and sets only
}

function finished(tokens: Tokens, expression: string): void {
  if (tokens.next !== undefined) throw new Error(`ValidationException: "${tokens.next}" in "${expression}"`);
}

const usedOf = new WeakMap<Placeholders, Set<string>>();

function remember(tokens: Tokens, placeholders: Placeholders): void {
  const used = usedOf.get(placeholders) ?? new Set();
  for (const name of tokens.used) used.add(name);
  usedOf.set(placeholders, used);
}

/** DynamoDB refuses placeholders that no expression of the call uses. */
export function assertAllUsed(placeholders: Placeholders): void {
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues = {} } = placeholders;
  const unused = Object.keys({ ...ExpressionAttributeNames, ...ExpressionAttributeValues }).filter(
    (name) => !usedOf.get(placeholders)?.has(name),
  );
  if (unused.length > 0) throw new Error(`ValidationException: unused ${unused.join(', ')}`);
}
