#!/usr/bin/env node
import { reason } from '../lib/judge/verdict.ts';

/** A subcommand; its code is loaded only when it is called. */
interface Command {
  readonly summary: string;
  load(): Promise<{ run(args: readonly string[]): Promise<number> }>;
}

const commands: { readonly [name: string]: Command } = {
  check: {
    summary: 'judge CloudFormation templates by the controls',
    load: () => import('./check.ts'),
  },
};

const help = `evenkeel keeps AWS accounts compliant.

Usage: evenkeel <command> [arguments]

Commands:
${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`)
  .join('\n')}

Example: evenkeel check cdk.out/*.template.json
Help on a command: evenkeel <command> --help
`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help);
    return 0;
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return (await command.load()).run(args);
  process.stderr.write(name === undefined ? help : `There is no command "${name}".\n\n${help}`);
  return 2;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`evenkeel: ${reason(error)}\n`);
    process.exitCode = 2;
  },
);
