import { sections, table, wrap } from './help.ts';

/** A subcommand of the command line; its code is loaded only if it runs. */
interface Subcommand {
  readonly summary: string;
  load(): Promise<{ run(args: readonly string[]): Promise<number> }>;
}

/** Subcommands under one name, such as those of `evenkeel evidence`. */
export interface Group {
  /** The words before a subcommand's name. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly example: string;
  readonly subcommands: { readonly [name: string]: Subcommand };
}

/** Runs the subcommand that the first argument names, and returns its exit code. */
export async function dispatch(group: Group, [name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpOf(group));
    return 0;
  }
  const { subcommands } = group;
  const subcommand = name !== undefined && Object.hasOwn(subcommands, name) ? subcommands[name] : undefined;
  if (subcommand) return (await subcommand.load()).run(args);
  const problem = name === undefined ? 'missing subcommand.' : `unknown subcommand "${name}".`;
  process.stderr.write(`${group.name}: ${problem}\n\n${helpOf(group)}`);
  return 2;
}

const helpOf = ({ name, summary, example, subcommands }: Group): string =>
  sections([
    wrap(summary),
    `Usage: ${name} <subcommand> [options]`,
    `Subcommands:\n${table(Object.entries(subcommands).map(([command, { summary }]) => [command, summary]))}`,
    `Example:\n  ${example}`,
    `Help for a subcommand: ${name} <subcommand> --help`,
  ]);
