/** The help text of a subcommand, in parts. */
export interface Help {
  /** The words behind `evenkeel`, such as `evidence verify`. */
  readonly name: string;
  /** One imperative sentence. */
  readonly summary: string;
  /** The arguments behind the name. */
  readonly usage: string;
  readonly options: readonly Option[];
  readonly details?: string;
  /** The examples, without `evenkeel`. */
  readonly examples: readonly string[];
  readonly exitCodes: string;
}

type Option = readonly [option: string, meaning: string];

const WIDTH = 110;

/** The option `--format`, with its meaning. */
export const FORMAT_OPTION: Option = ['--format <format>', 'Output format: human (default) or json.'];

/** Writes the help text of a subcommand. */
export const helpText = ({ name, summary, usage, options, details, examples, exitCodes }: Help): string =>
  sections([
    summary,
    `Usage: evenkeel ${[name, usage].filter(Boolean).join(' ')}`,
    `Options:\n${table([...options, ['-h, --help', 'Show this help.']])}`,
    ...(details === undefined ? [] : [details.split('\n').map(wrap).join('\n')]),
    `${examples.length === 1 ? 'Example' : 'Examples'}:\n${examples.map((one) => `  evenkeel ${one}`).join('\n')}`,
    `Exit codes: ${exitCodes}`,
  ]);

/** Joins the sections of a help text. */
export const sections = (parts: readonly string[]): string => `${parts.join('\n\n')}\n`;

/** Two columns; the second is wrapped. */
export function table(rows: readonly Option[]): string {
  const indent = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows
    .map(([name, meaning]) => {
      const lines = wrap(meaning, WIDTH - indent).split('\n');
      return `  ${name}`.padEnd(indent) + lines.join(`\n${' '.repeat(indent)}`);
    })
    .join('\n');
}

function wrap(text: string, width: number = WIDTH): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}
