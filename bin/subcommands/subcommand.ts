import { type ParseArgsConfig, parseArgs } from 'node:util';
import { errorMessage } from '../../lib/model/errors.ts';
import { type Help, helpText } from './help.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Arguments<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O & { help: { type: 'boolean' } }; allowPositionals: true }>
>;

/** The arguments are invalid; the subcommand prints the message and its help. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Makes a subcommand that prints its help on `--help`, and after a usage error with exit code 2. */
export const subcommand =
  <const O extends Options>(
    { help, options }: { readonly help: Help; readonly options: O },
    action: (args: Arguments<O>) => Promise<number>,
  ) =>
  async (args: readonly string[]): Promise<number> => {
    try {
      const parsed = parse(options, args);
      if (!('help' in parsed.values)) return await action(parsed);
      process.stdout.write(helpText(help));
      return 0;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`evenkeel ${help.name}: ${error.message}\n\n${helpText(help)}`);
      return 2;
    }
  };

function parse<const O extends Options>(options: O, args: readonly string[]): Arguments<O> {
  try {
    const all = { ...options, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...args], options: all, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorMessage(error), { cause: error });
  }
}

/** Returns the values of exactly these arguments. */
export function positional<const Names extends readonly string[]>(
  names: Names,
  values: readonly string[],
): { readonly [Index in keyof Names]: string } {
  const missing = names.filter((_, index) => !values[index]);
  if (missing.length > 0) throw new UsageError(`missing argument ${missing.map((name) => `<${name}>`).join(' ')}.`);
  if (values.length > names.length) throw new UsageError(`unexpected argument "${values[names.length]}".`);
  return [...values] as unknown as { readonly [Index in keyof Names]: string }; // one value for each name, as checked
}

/** Returns an option's value. */
export function required(option: string, value: string | undefined): string {
  if (value) return value;
  throw new UsageError(`missing option --${option}.`);
}

/** The option `--format`. */
export const FORMAT = { type: 'string', default: 'human' } as const;

/** Prints a result as text for people, or as one line of JSON. */
export function printer(format: string): (text: string, result: object) => void {
  const name = formatOf(format);
  return (text, result) => void process.stdout.write(name === 'json' ? `${JSON.stringify(result)}\n` : text);
}

/** Validates the value of an option that allows only some values. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((each) => each === value);
  if (found) return found;
  throw new UsageError(`invalid --${option} "${value}". Allowed: ${allowed.join(', ')}.`);
}

/** Validates the value of `--format`. */
export const formatOf = (format: string): 'human' | 'json' => oneOf('format', format, ['human', 'json']);

/** Validates an option's day; undefined without a value. */
export function day(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const date = new Date(`${value}T00:00:00.000Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) && value.length === 10) return value;
  throw new UsageError(`invalid --${option} "${value}". Write a day as 2026-01-31.`);
}

/** A name and its lines in two columns. */
export const field = (name: string, lines: readonly string[], width = 9): string[] =>
  lines.map((line, index) => `${(index === 0 ? name : '').padEnd(width)} ${line}`);
