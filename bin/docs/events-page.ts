import { z } from 'zod';
import { eventExamples } from '../../lib/events/examples.ts';
import { eventSchemas } from '../../lib/events/schema.ts';

/** What of JSON Schema our schemas are made of. */
interface Schema {
  readonly description?: string;
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly properties?: { readonly [name: string]: Schema };
  readonly required?: readonly string[];
}

const INTRODUCTION = `# Events

Evenkeel tells on the event bus \`evenkeel-outcomes\`, in the hub's account and region, how each execution ended and what waits
for people. Only its own functions can write there. Match \`source\` and \`detail-type\` in a rule of your own:

\`\`\`json
{ "source": ["evenkeel"], "detail-type": ["Evenkeel Outcome"], "detail": { "outcome": ["repaired", "escalated"] } }
\`\`\`

Every detail has a \`version\`. New fields may come without a new version; a field that is renamed, removed or means something
else brings a new one. EventBridge may deliver an event twice: \`execution\` and the event's own \`id\` tell.

## Notices

What is for people (escalations, repairs that the next deployment undoes, and every event but the other outcomes) also goes to
the SNS topic that the hub stack's output \`NoticeTopic\` names: as plain text to e-mail addresses, and to everything else as

\`\`\`json
{ "version": "1", "type": "<detail-type>", "subject": "...", "text": "<what an e-mail says>", "detail": { } }
\`\`\`

\`detail\` is left out where the message would be larger than SNS takes. These message attributes serve filter policies:

| attribute | values |
| --- | --- |
| \`kind\` | \`escalation\`, \`approval\`, \`batch\`, \`grace\`, \`breaker\`, \`order\`, \`reminder\`, \`exception\`, \`template\` |
| \`owner\` | a list of the owners whom it concerns, by the names that config, tags and exceptions give them |
| \`control\`, \`account\`, \`severity\` | of the resource, where it is about one |

Alarms go to the same topic directly, in CloudWatch's own form and with no attributes.
`;

/** The page on all events, made of their schemas. */
export const eventsPage = (): string =>
  [
    '<!-- Made by `npm run docs` of lib/event-schemas.ts; change it there. -->',
    INTRODUCTION,
    ...Object.entries(eventSchemas).map(([type, schema]) => section(type as keyof typeof eventSchemas, schema)), // its keys
  ].join('\n');

function section(type: keyof typeof eventSchemas, schema: z.ZodType): string {
  const json = z.toJSONSchema(schema) as Schema; // of which that is a part
  return `## ${type}

${json.description}

| field | | |
| --- | --- | --- |
${rows(json).join('\n')}

\`\`\`json
${JSON.stringify(eventExamples[type], null, 2)}
\`\`\`
`;
}

/** Objects are told field by field, but for those that are maps. */
function rows({ properties = {}, required = [] }: Schema, prefix = ''): string[] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const optional = required.includes(name) ? '' : ', optional';
    const [deeper, suffix] = field.type === 'array' ? [field.items ?? {}, '[].'] : [field, '.'];
    return [
      `| \`${prefix}${name}\` | ${typeOf(field)}${optional} | ${cell(field.description ?? '')} |`,
      ...rows(deeper, `${prefix}${name}${suffix}`),
    ];
  });
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const quoted = (values: readonly unknown[]) => values.map((value) => `\`${JSON.stringify(value)}\``).join(', ');

function typeOf({ const: only, enum: values, type, format, items, anyOf }: Schema): string {
  if (only !== undefined) return quoted([only]);
  if (values) return quoted(values);
  if (type === 'array') return `list of ${items?.type ? typeOf(items) : 'operations'}`;
  if (format) return format === 'date' ? 'date' : 'time';
  return type ?? (anyOf ? 'any' : 'object');
}
