import { services } from '../../controls/services.ts';
import { names } from '../../lib/config/names.ts';
import { propertiesOf } from '../../lib/evaluate/template/view.ts';
import {
  ACCOUNT,
  type Control,
  type Detection,
  type Framework,
  type Json,
  type ParameterKind,
  type Parameters,
} from '../../lib/model/control.ts';
import { FRAMEWORKS, frameworks } from '../../lib/model/frameworks.ts';
import { patch, render } from '../../lib/model/patch.ts';
import { byRequirement } from '../../lib/model/requirement-order.ts';

// A fixed time for ages, so that a page does not change from day to day.
const NOW = new Date('2026-01-01T00:00:00.000Z');

/** The generated pages by file name: one for each control, and `README.md` with the list and the frameworks. */
export function pages(controls: readonly Control[]): Map<string, string> {
  const all = controls.map((control): [string, string] => [`${control.id}.md`, page(control)]);
  return new Map([...all, ['README.md', index(controls)]]);
}

const GENERATED = '<!-- Generated from the controls by `npm run docs`; do not edit. -->';
const text = (parts: readonly string[]) => `${parts.filter((part) => part !== '').join('\n\n')}\n`;

function page(control: Control): string {
  const { id, title, rationale, severity, resource, scope } = control;
  return text([
    `# ${title}`,
    GENERATED,
    table(['control', 'severity', 'resource', 'scope'], [[code(id), severity, code(resource), scope]]),
    rationale,
    checks(control),
    control.repair ? repairs(control, control.repair) : `## How to fix it\n\n${control.guidance}`,
    parameters(control),
    detection(control),
    inTemplates(control),
    rights(control),
    answers(control),
  ]);
}

function checks(control: Control): string {
  const examples = control.violationExamples.map((state) => {
    const verdict = control.check(state, exampleParameters(control), NOW);
    const sentence = verdict === 'compliant' ? 'compliant' : verdict.violation;
    return `${sentence}\n\n${json(state)}`;
  });
  return text(['## What it checks', 'Examples of violations, as CloudFormation properties:', ...examples]).trimEnd();
}

function repairs(control: Control, repair: NonNullable<Control['repair']>): string {
  const { id, violationExamples } = control;
  const { risk, gracePeriod, maxMode, reversible, verifyWithin = 30, desired } = repair;
  const [from] = violationExamples;
  const operations = from ? patch(from, desired(from, exampleParameters(control), NOW)) : [];
  return text([
    '## What a repair changes',
    'In the first example, as text and as JSON Patch (RFC 6902):',
    render(operations, { from })
      .map((line) => `- ${line}`)
      .join('\n'),
    json(operations),
    table(
      ['risk', 'highest mode', 'reversible', 'time to read back', 'role'],
      [[risk, code(maxMode), reversible ? 'yes' : 'no', `${verifyWithin} s`, code(names.repairRole(id))]],
    ),
    gracePeriod
      ? `The repair waits for a grace period of ${gracePeriod.days} days. Evenkeel notifies the owner at the start and on the last day. ${gracePeriod.because} To change the grace period, set \`gracePeriodDays\` in \`evenkeel.config.ts\`, under \`controls\` and the id; 0 repairs at once.`
      : '',
  ]).trimEnd();
}

/** The defaults, with the name in angle brackets for a required text, and any value of the kind for the others. */
function exampleParameters({ parameters = {}, requiredParameters = {} }: Control): Parameters {
  const example = (name: string, kind: ParameterKind): Parameters[string] =>
    ({ text: `<${name}>`, texts: [`<${name}>`], number: 1, numbers: [1], boolean: true })[kind];
  const required = Object.entries(requiredParameters).map(([name, kind]) => [name, example(name, kind)] as const);
  return { ...parameters, ...Object.fromEntries(required) };
}

function parameters({ parameters = {}, requiredParameters = {} }: Control): string {
  const rows = [
    ...Object.entries(requiredParameters).map(([name, kind]) => [
      code(name),
      `none: a value of kind ${code(kind)} is required`,
    ]),
    ...Object.entries(parameters).map(([name, value]) => [code(name), code(JSON.stringify(value))]),
  ];
  if (rows.length === 0) return '';
  return text([
    '## Parameters',
    'Set them in `evenkeel.config.ts`, under `controls` and the id, as `parameters`.',
    table(['parameter', 'default'], rows),
  ]).trimEnd();
}

function detection(control: Control): string {
  const { id, detect, triggers } = control;
  const when = detect.periodic ? 'on a schedule' : 'on changes';
  const events = Object.entries<string | readonly string[]>(triggers).map(([event, path]) => {
    const [service = '', name = ''] = event.split(':');
    return [code(sourceOf(service)), code(name), [path].flat().map(code).join(' or ')];
  });
  return text([
    '## Detection',
    `AWS Config, ${when}: the rule ${code(names.configRule(id))}, ${ruleOf(detect, exampleParameters(control))}.`,
    events.length === 0
      ? ''
      : `CloudTrail, at once:\n\n${table(['source', 'event', "place of the resource's id"], events)}`,
    'The daily sweep finds everything else.',
  ]).trimEnd();
}

function ruleOf(detect: Detection<Parameters>, parameters: Parameters): string {
  if (detect.by === 'custom-rule') return 'a custom rule that runs the same check in a function';
  const input = detect.parameters?.(parameters);
  return `the AWS managed rule ${code(detect.identifier)}${input ? ` with ${code(JSON.stringify(input))}` : ''}`;
}

function inTemplates(control: Control): string {
  const properties = propertiesOf(control).map(code).join(', ');
  const where =
    control.template === undefined
      ? 'The control does not apply to templates. Evenkeel checks live accounts only.'
      : 'locate' in control.template
        ? `${properties}, in the resources of the template that belong to the ${code(control.resource)}.`
        : `${properties} of ${code(control.resource)}.`;
  return `## Place in a template\n\n${where}`;
}

function rights({ observe, repair }: Control): string {
  return text([
    '## IAM actions',
    table(
      ['to read', 'to repair, in addition'],
      [
        [
          observe.actions.map(code).join('<br>'),
          repair ? repair.actions.map(code).join('<br>') : 'none: the control only detects',
        ],
      ],
    ),
  ]).trimEnd();
}

function answers(control: Control): string {
  const rows = frameworks.flatMap((framework) => {
    const requirements = control.frameworks[framework] ?? [];
    return requirements.length === 0 ? [] : [[FRAMEWORKS[framework], code(framework), requirements.join(', ')]];
  });
  if (rows.length === 0) return '';
  return `## Frameworks\n\n${table(['framework', 'name in Evenkeel', 'requirements'], rows)}`;
}

function index(controls: readonly Control[]): string {
  const rows = controls.map(({ id, title, severity, resource, repair }) => [
    link(id),
    title,
    severity,
    resource === ACCOUNT ? 'account' : code(resource),
    repair ? code(repair.maxMode) : 'detects only',
  ]);
  return text([
    '# Controls',
    GENERATED,
    table(['control', 'requirement', 'severity', 'resource', 'highest mode'], rows),
    '## Frameworks',
    ...frameworks.map((framework) => matrix(framework, controls)),
  ]);
}

function matrix(framework: Framework, controls: readonly Control[]): string {
  const answered = new Map<string, string[]>();
  for (const control of controls)
    for (const requirement of control.frameworks[framework] ?? [])
      answered.set(requirement, [...(answered.get(requirement) ?? []), link(control.id)]);
  const rows = [...answered]
    .sort(([a], [b]) => byRequirement(a, b))
    .map(([requirement, links]) => [requirement, links.join(', ')]);
  return `### ${FRAMEWORKS[framework]} (${code(framework)})\n\n${table(['requirement', 'controls'], rows)}`;
}

const sourceOf = (service: string): string =>
  Object.entries(services).find(([name]) => name === service)?.[1].source ?? service;
const code = (value: string) => `\`${value}\``;
const link = (id: string) => `[${id}](${id}.md)`;
const json = (value: Json | object) => `\`\`\`json\n${JSON.stringify(value, undefined, 2)}\n\`\`\``;

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
