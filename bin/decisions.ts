import { parseArgs } from 'node:util';
import { reason } from '../lib/judge/verdict.ts';
import type { DecisionTaken, WaitingPlan } from '../lib/orders.ts';
import { render } from '../lib/patch.ts';
import { openApi, Refused } from './hub/api.ts';

interface Way {
  readonly name: 'approve' | 'reject';
  readonly route: 'approval' | 'rejection';
  readonly does: string;
}

const helpOf = ({ name, does }: Way) => `${does}

Usage: evenkeel ${name} <execution> --reason <text> [--api <url>] [--region <region>] [--format human|json]

Example: evenkeel ${name} 6c7b3519-05f3-8837-9c4e-96b4813096ed --reason "agreed with payments, CHG-4711"

The call is signed with your AWS credentials, and AWS says who you are: an IAM user, or a session of IAM Identity Center.
Nobody approves what they caused. The API is the hub stack's output DecisionApi; say it by --api or EVENKEEL_API.
You need execute-api:Invoke on GET and POST /executions/*/${name === 'approve' ? 'approval' : 'rejection'} of it.

Exit codes: 0 taken, 1 refused, 2 could not.
`;

/** The command `evenkeel approve`. */
export const approve = command({
  name: 'approve',
  route: 'approval',
  does: 'Approves one repair as it is planned; if the resource has changed since, people are asked anew.',
});

/** The command `evenkeel reject`. */
export const reject = command({
  name: 'reject',
  route: 'rejection',
  does: 'Rejects one repair: the resource is left as it is, until a sweep finds it again or an exception spares it.',
});

function command(way: Way) {
  return {
    async run(args: readonly string[]): Promise<number> {
      const asked = options(args);
      if (asked === 'help') {
        process.stdout.write(helpOf(way));
        return 0;
      }
      if (typeof asked === 'string') {
        process.stderr.write(`evenkeel ${way.name}: ${asked}\n\n${helpOf(way)}`);
        return 2;
      }
      return decide(way, asked);
    },
  };
}

interface Asked {
  readonly execution: string;
  readonly reason: string;
  readonly api: string;
  readonly region: string;
  readonly json: boolean;
}

function options(args: readonly string[]): Asked | string {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h' },
        reason: { type: 'string' },
        api: { type: 'string', default: process.env.EVENKEEL_API },
        region: { type: 'string', default: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION },
        format: { type: 'string', default: 'human' },
      },
      allowPositionals: true,
    });
    if (values.help) return 'help';
    const [execution, ...others] = positionals;
    if (!execution || others.length > 0) return 'name one execution, as the request does.';
    if (!values.reason) return 'say why, with --reason.';
    if (!values.api || !URL.canParse(values.api))
      return "say where the hub's API is, with --api or EVENKEEL_API: the hub stack's output DecisionApi.";
    if (!values.region) return "say the hub's region, with --region or AWS_REGION.";
    if (values.format !== 'human' && values.format !== 'json') return '--format is human or json.';
    const { reason, api, region, format } = values;
    return { execution, reason, api, region, json: format === 'json' };
  } catch (error) {
    return reason(error);
  }
}

async function decide(
  { name, route }: Way,
  { execution, reason, api: endpoint, region, json }: Asked,
): Promise<number> {
  const say = (text: string) => process.stdout.write(json ? '' : `${text}\n`);
  const path = `/executions/${encodeURIComponent(execution)}/${route}`;
  const api = await openApi(endpoint, region);
  try {
    const waiting = (await api.get(`/executions/${encodeURIComponent(execution)}/approval`)) as WaitingPlan; // the hub's word
    say(describe(name, waiting));
    const taken = (await api.post(path, { reason, plan: waiting.plan })) as DecisionTaken; // as above
    say(outcome(taken));
    if (json) process.stdout.write(`${JSON.stringify({ waiting, taken })}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    process.stderr.write(`Refused. ${error.message}\n`);
    if (json) process.stdout.write(`${JSON.stringify({ refused: error.message })}\n`);
    return 1;
  }
}

function describe(name: Way['name'], { record, actors, approvers, approvedBy, expires }: WaitingPlan): string {
  const { control, target, owner, verdict, before, patch = [] } = record;
  const causes = actors.map(({ arn, type, invokedBy }) => invokedBy ?? arn ?? type);
  return [
    `You are about to ${name} this repair:`,
    `  control   ${control}`,
    `  resource  ${target.account} ${target.region} ${target.id}`,
    `  owner     ${owner.name}`,
    `  caused by ${causes.join(', ') || 'nobody known'}`,
    ...(typeof verdict === 'object' ? [`  violation ${verdict.violation}`] : []),
    ...render(patch, { from: before }).map((line, index) => `  ${index === 0 ? 'patch    ' : '         '} ${line}`),
    `  approvals ${approvedBy.length} of ${approvers}${approvedBy.length > 0 ? ` (${approvedBy.join(', ')})` : ''}`,
    `  expires   ${expires}`,
  ].join('\n');
}

function outcome({ verdict, by, missing, evidence }: DecisionTaken): string {
  const what =
    verdict === 'rejected'
      ? 'it is left as it is'
      : missing > 0
        ? `${missing} more ${missing === 1 ? 'person' : 'people'} must approve`
        : 'the repair goes on';
  return `\nDone: ${verdict} by ${by}; ${what}.\n  evidence  ${evidence}`;
}
