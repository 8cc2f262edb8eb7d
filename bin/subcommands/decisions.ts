import type { DecisionAccepted, PendingPlan } from '../../lib/events/api.ts';
import { driftWarning } from '../../lib/governance/template-source.ts';
import { render } from '../../lib/model/patch.ts';
import { lastUsed } from '../../lib/text/last-used.ts';
import { printable } from '../../lib/text/printable.ts';
import { field } from './field.ts';
import { type HubSubcommand, hubSubcommand } from './hub-subcommand.ts';

/** The command `evenkeel approve`. */
export const approve = decision('approve', {
  route: 'approval',
  does: `Approves one repair as it is planned; if the resource has changed since, people are asked anew.
Nobody approves what they caused, or what they own an exception for.`,
  example: '"agreed with payments, CHG-4711"',
});

/** The command `evenkeel reject`. */
export const reject = decision('reject', {
  route: 'rejection',
  does: 'Rejects one repair: the resource is left as it is, until a sweep finds it again or an exception spares it.',
  example: '"wanted like that until Friday, CHG-4712"',
});

interface Way extends Pick<HubSubcommand, 'does' | 'example'> {
  readonly route: 'approval' | 'rejection';
}

function decision(name: 'approve' | 'reject', { route, does, example }: Way) {
  return hubSubcommand({
    name,
    does,
    takes: ['execution'],
    example: `${name} 6c7b3519-05f3-8837-9c4e-96b4813096ed --reason ${example}`,
    needs: `GET /executions/*/approval and POST /executions/*/${route}`,
    async run(api, { names: [execution = ''], reason }, say) {
      const path = `/executions/${encodeURIComponent(execution)}`;
      const waiting = (await api.get(`${path}/approval`)) as PendingPlan; // the hub's word
      say(describe(name, waiting));
      const taken = (await api.post(`${path}/${route}`, { reason, plan: waiting.plan })) as DecisionAccepted; // as above
      say(outcome(taken, waiting.record));
      return { waiting, taken };
    },
  });
}

function describe(name: string, { record, actors, approvers, approvedBy, expires }: PendingPlan): string {
  const {
    control,
    target,
    owner,
    verdict,
    before,
    patch = [],
    lastUse = [],
    origin,
    templateSource,
    reason,
    rollback,
  } = record;
  const warning = rollback ? undefined : driftWarning(origin, templateSource);
  const causes = actors.map(({ arn, type, invokedBy }) => invokedBy ?? arn ?? type);
  return [
    `You are about to ${name} ${rollback ? `that the repair of execution ${rollback.execution} is undone` : 'this repair'}:`,
    `  control   ${control}`,
    `  resource  ${target.account} ${target.region} ${target.id}`,
    `  owner     ${owner.name} (${owner.from})`,
    `  caused by ${causes.join(', ') || 'nobody known'}`,
    ...(typeof verdict === 'object' ? [`  ${rollback ? 'brings back' : 'violation'} ${verdict.violation}`] : []),
    ...(rollback ? [`  held for  ${rollback.holdDays} days, in which nothing repairs it`] : []),
    ...field('patch', render(patch, { from: before })).map((line) => `  ${line}`),
    ...lastUse.map((use) => `  last use  ${lastUsed(use)}`),
    ...(warning ? [`  warning   ${warning}`] : []),
    ...(reason ? [`  why       ${reason}`] : []),
    `  approvals ${approvedBy.length} of ${approvers}${approvedBy.length > 0 ? ` (${approvedBy.join(', ')})` : ''}`,
    `  expires   ${expires}`,
  ]
    .map(printable) // names, tags and reasons are others' words
    .join('\n');
}

function outcome({ verdict, by, missing, evidence }: DecisionAccepted, { rollback }: PendingPlan['record']): string {
  const what =
    verdict === 'rejected'
      ? 'it is left as it is'
      : missing > 0
        ? `${missing} more ${missing === 1 ? 'person' : 'people'} must approve`
        : `the ${rollback ? 'rollback' : 'repair'} goes on`;
  return `\nDone: ${verdict} by ${by}; ${what}.\n  evidence  ${evidence}`;
}
