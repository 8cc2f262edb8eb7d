import { parseArgs } from 'node:util';
import { controls } from '../controls/index.ts';
import type { Finding } from '../lib/judge/finding.ts';
import { judge } from '../lib/judge/judge.ts';
import { type Position, Unreadable } from '../lib/judge/unreadable.ts';
import { reason } from '../lib/judge/verdict.ts';
import { readTemplate } from './template.ts';

const help = `Judges CloudFormation templates, JSON or YAML, by the controls; nothing is deployed and AWS is not asked.

Usage: evenkeel check <template...>

Example: evenkeel check cdk.out/*.template.json network.yaml

Exit codes: 0 no violation, 1 violations, 2 something could not be judged.
What is known only at deployment is listed, and is no violation: it is checked live.
`;

interface Counts {
  compliant: number;
  violation: number;
  unknown: number;
  unjudged: number;
}

/** Runs the command, and gives its exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const asked = options(args);
  if (typeof asked === 'string') {
    process.stderr.write(`evenkeel check: ${asked}\n\n${help}`);
    return 2;
  }
  if (asked.help) {
    process.stdout.write(help);
    return 0;
  }
  const counts: Counts = { compliant: 0, violation: 0, unknown: 0, unjudged: 0 };
  for (const file of asked.files) {
    const lines = await check(file, counts);
    if (lines.length > 0) process.stdout.write(`${file}\n${lines.join('\n')}\n\n`);
  }
  process.stdout.write(`${summary(counts, asked.files.length)}\n`);
  return counts.unjudged > 0 ? 2 : counts.violation > 0 ? 1 : 0;
}

function options(args: readonly string[]): { help: boolean; files: readonly string[] } | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { help: { type: 'boolean', short: 'h', default: false } },
      allowPositionals: true,
    });
    if (!values.help && positionals.length === 0) return 'no template is named.';
    return { help: values.help, files: positionals };
  } catch (error) {
    return reason(error);
  }
}

async function check(file: string, counts: Counts): Promise<string[]> {
  try {
    const { template, position } = await readTemplate(file);
    const { findings, gaps, compliant } = judge(controls, template);
    counts.compliant += compliant;
    counts.unjudged += gaps.length;
    for (const { verdict } of findings) counts[verdict]++;
    const entries: { at: Position; text: string }[] = [];
    for (const gap of gaps) entries.push({ at: await position(gap.path), text: `could not judge  ${gap.reason}` });
    for (const finding of findings) entries.push({ at: await position(pathOf(finding)), text: describe(finding) });
    return entries.sort((a, b) => a.at.line - b.at.line).map(({ at, text }) => line(at, text));
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    counts.unjudged++;
    return [line(error.position, `could not judge  ${error.message}`)];
  }
}

const pathOf = ({ at, logicalId, property }: Finding) => ['Resources', at ?? logicalId, ...property.split('.')];

const line = (at: Position | undefined, text: string) => `  ${at ? `${at.line}:${at.column}` : '-'}  ${text}`;

function describe({ verdict, severity, control, logicalId, sentence, property, remedy }: Finding): string {
  return [
    `${verdict === 'violation' ? `violation (${severity})` : 'unknown'}  ${logicalId}: ${sentence}  ${control}`,
    `        ${property}`,
    ...remedy.map((step, index) => `        ${index === 0 ? 'fix:' : '    '} ${step}`),
  ].join('\n');
}

function summary({ compliant, violation, unknown, unjudged }: Counts, files: number): string {
  const parts = [
    `${violation} ${violation === 1 ? 'violation' : 'violations'}`,
    `${unknown} known only at deployment`,
    `${compliant} compliant`,
    ...(unjudged > 0 ? [`${unjudged} could not be judged`] : []),
  ];
  return `${parts.join(', ')}, in ${files} ${files === 1 ? 'template' : 'templates'}.`;
}
