import type { Other } from './cfn-lint.ts';
import type { Checking, Evaluation, Synthesis } from './parts.ts';

const ms = (value: number) => `${value < 100 ? value.toFixed(1) : value.toFixed(0)} ms`;
const ratio = (value: number, base: number) => (value / base).toFixed(2);

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[], goal: string): string {
  const widths = head.map((name, column) => Math.max(...[name, ...rows.map((row) => row[column] ?? '')].map(length)));
  const line = (row: readonly string[]) => row.map((cell, column) => cell.padStart(widths[column] ?? 0)).join('   ');
  return [title, '', ...[head, ...rows].map(line), '', goal, ''].join('\n');
}

const length = ({ length }: string) => length;

/** The gates at synth, compared with no gate. */
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
    "Goal: Evenkeel at most 1.05. CDK's own validation of templates is on by default. The empty plugin shows CDK's own cost\nof a gate without this validation; cdk-nag runs AwsSolutionsChecks.",
  );

/** The evaluation by size and mixture, each compared with its smallest size. */
export const evaluationTable = (all: readonly Evaluation[]): string =>
  table(
    'Evaluation with all controls: the first in its process, after modules and template are loaded',
    ['resources', 'mixture', 'time', 'per resource'],
    all.map(({ resources, mixture, took }) => {
      const least = all.find((other) => other.mixture === mixture);
      return [String(resources), mixture, ms(took), least ? ratio(took / resources, least.took / least.resources) : ''];
    }),
    'Goal: 10 ms at 500 mixed, and at 20,000 at most 1.5 of that per resource. Half of "groups" are security groups with\nunresolved rules, the slowest resources to evaluate.',
  );

/** The command line compared with another program. */
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
