import { type CommandSummary, commandTarget, type ExecutionSummary, isForAll } from './execution-summary.ts';
import { html, type Markup } from './html.ts';
import type { AuditReport } from './report-facts.ts';
import { type ExceptionUse, type ExecutionDecision, evaluatedAt } from './statistics.ts';
import { actorCell, minute, omittedNote, recordLinks, resourceCell, statusTag, truncate } from './value-format.ts';

/** The section of the resources that were in violation and not exempt at the end. */
export function openSection({ statistics, period }: AuditReport): Markup {
  const open = statistics.violationsAtEnd(false);
  const list = open.kept;
  return html`<section class="page"><h2 id="open">Open violations at the end of the period</h2>
<p class="keep">${
    list.length === 0
      ? `No resource was in violation without an exception at its last evaluation up to ${period.to}.`
      : `Resources in violation without an exception at their last evaluation up to ${period.to}. The oldest evaluation comes first.`
  }</p>
${list.length > 0 ? openTable(list) : ''}
${omittedNote(list.length, open.count, 'those with the oldest evaluation.')}</section>`;
}

const openTable = (
  list: readonly ExecutionSummary[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:19%"><col style="width:14%"><col><col style="width:14%"><col style="width:9%"><col style="width:17%"><col style="width:9%"></colgroup><thead><tr>
<th>Resource</th><th>Control</th><th>Violation</th><th>Owner</th><th>Evaluated (UTC)</th><th>Outcome</th><th>Records</th>
</tr></thead><tbody>
${list.map(
  (one) => html`<tr><td class="wide">${resourceCell(one)}</td><td><a href="#${one.control}">${one.control}</a></td>
<td class="wide">${truncate(one.violation ?? '')}</td><td class="wide">${one.owner}</td><td class="date">${minute(evaluatedAt(one))}</td>
<td class="wide">${statusTag(one.status)}<span class="soft">${truncate(one.reason ?? '')}</span></td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;

/** The section of the exceptions that were used. */
export function exceptionsSection({ statistics }: AuditReport): Markup {
  const used = [...statistics.exceptions.values()].sort((a, b) => (a.exception.id < b.exception.id ? -1 : 1));
  return html`<section><h2 id="exceptions">Exceptions</h2>
<p class="keep">${
    used.length === 0
      ? 'No exception was used in the period.'
      : 'The exceptions that were used in the period, as of their last use. The records of each execution contain the exception.'
  }</p>
${used.length > 0 ? exceptionTable(used) : ''}</section>`;
}

const exceptionTable = (
  used: readonly ExceptionUse[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:11%"><col style="width:20%"><col><col style="width:15%"><col style="width:16%"><col style="width:10%"><col style="width:6%"></colgroup><thead><tr>
<th>Exception</th><th>Control and scope</th><th>Reason</th><th>Owner</th><th>Approved by</th><th>Expires</th><th class="n">Uses</th>
</tr></thead><tbody>
${used.map(
  ({ exception: { id, control, live, reason, ticket, owner, approver, expires }, uses, accounts }) => html`<tr>
<td class="wide"><strong>${id}</strong><span class="soft">${ticket}</span></td>
<td class="wide"><a href="#${control}">${control}</a><span class="soft">${live ? [live.resource ?? 'all resources', live.account, live.region].filter(Boolean).join(' ') : [...accounts].sort().join(', ')}</span></td>
<td class="wide">${truncate(reason)}</td><td class="wide">${owner}</td><td class="wide">${approver}</td><td class="date">${expires}</td><td class="n">${uses}</td></tr>
`,
)}</tbody></table></div>`;

/** The section of the decisions on plans. */
export function decisionsSection({ statistics }: AuditReport): Markup {
  const { decisions } = statistics;
  const list = decisions.kept;
  return html`<section><h2 id="decisions">Approvals and rejections</h2>
<p class="keep">${
    list.length === 0
      ? 'No plan was approved or rejected in the period.'
      : 'The decisions of people on plans. A decision is valid for one plan, by its hash, and names the identity that AWS added to the request.'
  }</p>
${list.length > 0 ? decisionTable(list) : ''}
${omittedNote(list.length, decisions.count, 'the earliest.')}</section>`;
}

const decisionTable = (
  list: readonly ExecutionDecision[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:20%"><col style="width:9%"><col style="width:19%"><col style="width:16%"><col><col style="width:10%"></colgroup><thead><tr>
<th>Time (UTC)</th><th>Person</th><th>Decision</th><th>Plan for</th><th>Changed by</th><th>Reason</th><th>Records</th>
</tr></thead><tbody>
${list.map(
  ({ decision, execution: one }) => html`<tr><td class="date">${minute(decision.at)}</td>
<td class="wide">${decision.by}<span class="soft">${decision.identity}</span></td><td>${decision.verdict}</td>
<td class="wide"><a href="#${one.control}">${one.control}</a><span class="soft">${resourceCell(one)}</span></td><td class="wide">${actorCell(one)}</td>
<td class="wide">${truncate(decision.reason)}</td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;

/** The section of the operator commands. */
export function commandsSection({ statistics }: AuditReport): Markup {
  const { commands } = statistics;
  const list = commands.kept;
  return html`<section><h2 id="commands">Operator commands</h2>
<p class="keep">${
    list.length === 0
      ? 'No operator command was given in the period.'
      : 'The commands of people to stop, resume or release repairs, or to roll one back, which needs an approval. Violations found during a halt have the outcome held.'
  }</p>
${list.length > 0 ? commandTable(list) : ''}
${omittedNote(list.length, commands.count, 'the earliest.', 'commands.csv')}</section>`;
}

const COMMANDS = {
  halt: 'stopped all repairs',
  resume: 'resumed repairs',
  release: 'released the hold of a resource',
  'release-account': 'closed the circuit breaker of an account',
  'release-backlog': 'released the backlog of a control',
  rollback: 'requested a rollback',
} as const satisfies { readonly [K in CommandSummary['command']['kind']]: string };

const commandTable = (
  list: readonly CommandSummary[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:24%"><col style="width:16%"><col style="width:20%"><col><col style="width:10%"></colgroup><thead><tr>
<th>Time (UTC)</th><th>Person</th><th>Command</th><th>About</th><th>Reason</th><th>Records</th>
</tr></thead><tbody>
${list.map(
  (one) => html`<tr><td class="date">${minute(one.startedAt)}</td>
<td class="wide">${one.command.by}<span class="soft">${one.command.identity}</span></td>
<td><strong>${one.command.kind}</strong><span class="soft">${COMMANDS[one.command.kind]}</span></td>
<td class="wide">${isForAll(one) ? 'every control in every account' : html`<a href="#${one.control}">${one.control}</a><span class="soft">${commandTarget(one)}</span>`}</td>
<td class="wide">${truncate(one.command.reason)}</td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;
