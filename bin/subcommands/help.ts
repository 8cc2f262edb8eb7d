/** The help text of a subcommand, in parts. */
export interface Help {
  /** The words behind `evenkeel`, such as `evidence verify`. */
  readonly name: string;
  /** One imperative sentence. */
  readonly summary: string;
  /** The arguments behind the name. */
  readonly usage: string;
  /** Arguments and options with their meanings. */
  readonly options: readonly Row[];
  readonly details?: string;
  /** The examples, without `evenkeel`. */
  readonly examples: readonly string[];
  readonly exitCodes: string;
}

type Row = readonly [name: string, meaning: string];

const WIDTH = 110;

/** The option `--format`, with its meaning. */
export const FORMAT_OPTION: Row = ['--format <format>', 'Output format: human (default) or json.'];

/** Writes the help text of a subcommand. */
export function helpText({ name, summary, usage, options, details, examples, exitCodes }: Help): string {
  const isOption = ([row]: Row) => row.startsWith('-');
  const args = options.filter((row) => !isOption(row));
  const flags: readonly Row[] = [...options.filter(isOption), ['-h, --help', 'Show this help.']];
  const width = Math.max(...[...args, ...flags].map(([row]) => row.length));
  return sections([
    wrap(summary),
    `Usage: evenkeel ${[name, usage].filter(Boolean).join(' ')}`,
    ...(args.length > 0 ? [`Arguments:\n${table(args, width)}`] : []),
    `Options:\n${table(flags, width)}`,
    ...(details === undefined ? [] : details.split('\n\n').map((paragraph) => wrap(paragraph))),
    `${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((one) => `  evenkeel ${one}`).join('\n')}`,
    `Exit codes: ${exitCodes}`,
  ]);
}

/** Joins the sections of a help text. */
export const sections = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

/** Writes two columns, and wraps the second. */
export function table(rows: readonly Row[], width = Math.max(...rows.map(([name]) => name.length))): string {
  const indent = width + 4;
  return rows
    .map(([name, meaning]) => {
      const lines = wrap(meaning, WIDTH - indent).split('\n');
      return `  ${name}`.padEnd(indent) + lines.join(`\n${' '.repeat(indent)}`);
    })
    .join('\n');
}

/** Breaks a text into lines. */
export function wrap(text: string, width: number = WIDTH): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
