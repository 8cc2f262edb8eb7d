import type { Other } from './cfn-lint.ts';
import type { Checking, Judging, Synthesis } from './parts.ts';

const ms = (value: number) => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
const ratio = (value: number, base: number) => (value / base).toFixed(2);

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[], goal: string): string {
  const widths = head.map((name, column) => Math.max(...[name, ...rows.map((row) => row[column] ?? '')].map(length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('   ');
  return [title, '', ...[head, ...rows].map(line), '', goal, ''].join('\n');
}

const length = ({ length }: string) => length;

/** Gates at synth against none. */
export const synthesisTable = (all: readonly Synthesis[]): string =>
  table(
    'Synthesis of a CDK app: processor time of the whole process',
    ["CDK's validation", 'resources', 'no gate', 'empty plugin', 'Evenkeel', 'cdk-nag'],
    all.map(({ resources, validation, none, nothing, evenkeel, cdkNag }) => [
      validation,
      String(resources),
      ms(none),
      ...[nothing, evenkeel, cdkNag].map((gate) => ratio(gate, none)),
    ]),
    "Goal: Evenkeel at most 1.05. CDK's own validation of templates is on unless an app says otherwise. An empty plugin is\nwhat CDK itself does for any gate where it is off; cdk-nag runs AwsSolutionsChecks.",
  );

/** The judge by size and by mixture, each against its smallest size. */
export const judgingTable = (all: readonly Judging[]): string =>
  table(
    'The judge with the whole catalogue: one judgement, the first in its process, modules and template read before',
    ['resources', 'mixture', 'time', 'per resource'],
    all.map(({ resources, mixture, took }) => {
      const least = all.find((other) => other.mixture === mixture);
      return [String(resources), mixture, ms(took), least ? ratio(took / resources, least.took / least.resources) : ''];
    }),
    'Goal: 10 ms at 500 mixed, and at 20,000 at most 1.5 of that per resource. Half of "groups" are security groups with\nunresolved rules, the hardest there is.',
  );

/** The command line beside another program. */
export const checkingTable = ({ resources, evenkeel, other }: Checking, program: Other): string =>
  table(
    `A template of ${resources} resources checked by a whole process, wall time`,
    ['program', 'time', 'against Evenkeel'],
    [
      ['evenkeel check', ms(evenkeel), '1.00'],
      ...('name' in program && other !== undefined ? [[program.name, ms(other), ratio(other, evenkeel)]] : []),
    ],
    `Goal: 300 ms.${'missing' in program ? ` ${program.missing}.` : ''}`,
  );
