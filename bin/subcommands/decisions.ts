import type { DecisionAccepted, PendingPlan } from '../../lib/events/api.ts';
import { render } from '../../lib/model/patch.ts';
import { approvalText } from '../../lib/text/approval-text.ts';
import { ownerText } from '../../lib/text/labels.ts';
import { lastUsed } from '../../lib/text/last-used.ts';
import { printable } from '../../lib/text/printable.ts';
import { driftWarning } from '../../lib/text/template-source-text.ts';
import { listed } from '../../lib/text/words.ts';
import { type HubSubcommand, hubSubcommand } from './hub-subcommand.ts';
import { field } from './subcommand.ts';

/** The subcommand `evenkeel approve`. */
export const approve = decision('approve', {
  route: 'approval',
  summary: 'Approve a planned repair or rollback.',
  details: `Evenkeel makes exactly the planned change. If the resource has changed since the plan, Evenkeel plans again and asks for a new approval. ${approvalText.rule}`,
  reason: 'agreed with payments, CHG-4711',
});

/** The subcommand `evenkeel reject`. */
export const reject = decision('reject', {
  route: 'rejection',
  summary: 'Reject a planned repair or rollback.',
  details: 'The resource is not changed. The next sweep reports the violation again, unless an exception exempts it.',
  reason: 'needed until Friday, CHG-4712',
});

interface Spec extends Pick<HubSubcommand, 'summary' | 'details'> {
  readonly route: 'approval' | 'rejection';
  /** The reason in the example. */
  readonly reason: string;
}

function decision(name: 'approve' | 'reject', { route, summary, details, reason }: Spec) {
  return hubSubcommand({
    name,
    summary,
    details,
    args: ['execution'],
    example: `6c7b3519-05f3-8837-9c4e-96b4813096ed --reason "${reason}"`,
    permissions: `GET /executions/*/approval and POST /executions/*/${route}`,
    async run(api, { args: [execution = ''], reason }, print) {
      const path = `/executions/${encodeURIComponent(execution)}`;
      const pending = (await api.get(`${path}/approval`)) as PendingPlan; // the API's type
      print(describe(name, pending));
      const body = { reason, plan: pending.plan };
      const accepted = (await api.post(`${path}/${route}`, body)) as DecisionAccepted; // as above
      print(resultOf(accepted, pending.record));
      return { pending, accepted };
    },
  });
}

function describe(name: string, { record, actors, approvers, approvedBy, expires }: PendingPlan): string {
  const { control, target, owner, verdict, before, patch = [], lastUse = [] } = record;
  const { origin, templateSource, reason, rollback } = record;
  const warning = rollback ? undefined : driftWarning(origin, templateSource);
  const causes = actors.map(({ arn, type, invokedBy }) => invokedBy ?? arn ?? type);
  return [
    `You are about to ${name} ${rollback ? `the rollback of execution ${rollback.execution}` : 'this repair'}:`,
    `  control   ${control}`,
    `  resource  ${target.account} ${target.region} ${target.id}`,
    `  owner     ${ownerText(owner.name, owner.from)}`,
    `  changed by ${listed(causes) || 'unknown'}`,
    ...(typeof verdict === 'object' ? [`  ${rollback ? 'restores ' : 'violation'} ${verdict.violation}`] : []),
    ...(rollback ? [`  hold      ${rollback.holdDays} days without repairs by this control`] : []),
    ...field('patch', render(patch, { from: before })).map((line) => `  ${line}`),
    ...lastUse.map((use) => `  last use  ${lastUsed(use)}`),
    ...(warning ? [`  warning   ${warning}`] : []),
    ...(reason ? [`  reason    ${reason}`] : []),
    `  approvals ${approvedBy.length} of ${approvers}${approvedBy.length > 0 ? ` (${listed(approvedBy)})` : ''}`,
    `  expires   ${expires}`,
  ]
    .map(printable) // names, tags and reasons are untrusted text
    .join('\n');
}

function resultOf({ verdict, by, missing, evidence }: DecisionAccepted, { rollback }: PendingPlan['record']): string {
  const next =
    verdict === 'rejected'
      ? 'The resource is not changed.'
      : missing > 0
        ? `${missing} more ${missing === 1 ? 'person' : 'people'} must approve.`
        : `The ${rollback ? 'rollback' : 'repair'} starts.`;
  return `\nDone: ${verdict} by ${by}. ${next}\n  evidence  ${evidence}`;
}
