import { type ParseArgsConfig, parseArgs } from 'node:util';
import { errorMessage } from '../../lib/evaluate/verdict.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Parameters<O extends Options> = ReturnType<
  typeof parseArgs<{ options: O & { help: { type: 'boolean' } }; allowPositionals: true }>
>;

/** What was typed makes no sense; the command's help is shown with the reason. */
export class UsageError extends Error {}

/** Makes a command of its options and its action: it helps when asked, and when it is called wrongly, which is exit code 2. */
export const subcommand =
  <const O extends Options>(
    { name, help, options }: { readonly name: string; readonly help: string; readonly options: O },
    act: (parameters: Parameters<O>) => Promise<number>,
  ) =>
  async (args: readonly string[]): Promise<number> => {
    try {
      const parameters = parsed(options, args);
      if (!('help' in parameters.values)) return await act(parameters);
      process.stdout.write(help);
      return 0;
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      process.stderr.write(`evenkeel ${name}: ${error.message}\n\n${help}`);
      return 2;
    }
  };

function parsed<const O extends Options>(options: O, args: readonly string[]): Parameters<O> {
  try {
    const all = { ...options, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ args: [...args], options: all, allowPositionals: true });
  } catch (error) {
    throw new UsageError(errorMessage(error));
  }
}

/** The option by which a command's answer is for people or for scripts. */
export const FORMAT = { type: 'string', default: 'human' } as const;

/** Prints a command's answer, as a text for people or as one line of JSON. */
export function printer(format: string): (text: string, answer: object) => void {
  const chosen = formatOf(format);
  return (text, answer) => void process.stdout.write(chosen === 'json' ? `${JSON.stringify(answer)}\n` : text);
}

/** What `--format` says. */
export function formatOf(format: string): 'human' | 'json' {
  if (format === 'human' || format === 'json') return format;
  throw new UsageError(`--format is "${format}", and can be human or json.`);
}

/** The day that an option names; undefined where it is not given. */
export function day(option: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const date = new Date(`${value}T00:00:00.000Z`);
  if (!Number.isNaN(date.getTime()) && date.toISOString().startsWith(value) && value.length === 10) return value;
  throw new UsageError(`--${option} is "${value}", which is no day; write it as 2026-01-31.`);
}
