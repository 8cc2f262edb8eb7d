/** A command of the command line; its code is loaded only when it is called. */
interface Command {
  readonly summary: string;
  load(): Promise<{ run(args: readonly string[]): Promise<number> }>;
}

/** Commands under one name, such as those of `evenkeel evidence`. */
export interface Subcommands {
  /** What is typed before a command's name. */
  readonly name: string;
  /** One sentence. */
  readonly summary: string;
  readonly example: string;
  readonly commands: { readonly [name: string]: Command };
}

/** Runs the command that the first argument names, and gives its exit code. */
export async function dispatch(group: Subcommands, [name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(helpOf(group));
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(group.commands, name) ? group.commands[name] : undefined;
  if (command) return (await command.load()).run(args);
  process.stderr.write(
    name === undefined ? helpOf(group) : `There is no command "${group.name} ${name}".\n\n${helpOf(group)}`,
  );
  return 2;
}

const helpOf = ({ name, summary, example, commands }: Subcommands): string => `${summary}

Usage: ${name} <command> [arguments]

Commands:
${Object.entries(commands)
  .map(([command, { summary }]) => `  ${command.padEnd(10)}${summary}`)
  .join('\n')}

Example: ${example}
Help on a command: ${name} <command> --help
`;
