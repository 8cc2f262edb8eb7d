import { type CommandSummary, commandTarget, type ExecutionSummary, isForAll } from './execution-summary.ts';
import { html, type Markup } from './html.ts';
import type { AuditReport } from './report-facts.ts';
import { type DecisionMade, type ExceptionUse, lookedAt } from './statistics.ts';
import { cause, clip, minute, place, recordLinks, rest, tag } from './value-format.ts';

/** The resources that were left in violation, without leave. */
export function openSection({ statistics, period }: AuditReport): Markup {
  const open = statistics.left(false);
  const list = open.kept;
  return html`<section class="page"><h2 id="open">Open at the end of the period</h2>
<p class="keep">${
    list.length === 0
      ? `No resource was left in violation without leave when it was last looked at before the end of ${period.to}.`
      : `Resources that were in violation, without leave, when they were last looked at before the end of ${period.to}; the oldest look first.`
  }</p>
${list.length > 0 ? openTable(list) : ''}
${rest(list.length, open.count, 'those looked at longest ago.')}</section>`;
}

const openTable = (
  cases: readonly ExecutionSummary[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:19%"><col style="width:14%"><col><col style="width:14%"><col style="width:9%"><col style="width:17%"><col style="width:9%"></colgroup><thead><tr>
<th>resource</th><th>control</th><th>violation</th><th>owner</th><th>last look (UTC)</th><th>came to</th><th>records</th>
</tr></thead><tbody>
${cases.map(
  (one) => html`<tr><td class="wide">${place(one)}</td><td><a href="#${one.control}">${one.control}</a></td>
<td class="wide">${clip(one.violation ?? '')}</td><td class="wide">${one.owner}</td><td class="date">${minute(lookedAt(one))}</td>
<td class="wide">${tag(one.status)}<span class="soft">${clip(one.reason ?? '')}</span></td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;

/** By whose leave violations were spared. */
export function exceptionsSection({ statistics }: AuditReport): Markup {
  const used = [...statistics.exceptions.values()].sort((a, b) => (a.exception.id < b.exception.id ? -1 : 1));
  return html`<section><h2 id="exceptions">Exceptions</h2>
<p class="keep">${
    used.length === 0
      ? 'No exception spared anything in the period.'
      : 'Each exception that spared something, as it stood in the register when it last did; the records of each execution hold it.'
  }</p>
${used.length > 0 ? exceptionTable(used) : ''}</section>`;
}

const exceptionTable = (
  used: readonly ExceptionUse[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:11%"><col style="width:20%"><col><col style="width:15%"><col style="width:16%"><col style="width:10%"><col style="width:6%"></colgroup><thead><tr>
<th>exception</th><th>holds for</th><th>reason</th><th>owner</th><th>approved by</th><th>until</th><th class="n">times used</th>
</tr></thead><tbody>
${used.map(
  ({ exception: { id, control, live, reason, ticket, owner, approver, expires }, uses, accounts }) => html`<tr>
<td class="wide"><strong>${id}</strong><span class="soft">${ticket}</span></td>
<td class="wide"><a href="#${control}">${control}</a><span class="soft">${live ? [live.resource ?? 'all resources', live.account, live.region].filter(Boolean).join(' ') : [...accounts].sort().join(', ')}</span></td>
<td class="wide">${clip(reason)}</td><td class="wide">${owner}</td><td class="wide">${approver}</td><td class="date">${expires}</td><td class="n">${uses}</td></tr>
`,
)}</tbody></table></div>`;

/** Who approved or rejected what. */
export function decisionsSection({ statistics }: AuditReport): Markup {
  const { decisions } = statistics;
  const list = decisions.kept;
  return html`<section><h2 id="decisions">Decisions of people</h2>
<p class="keep">${
    list.length === 0
      ? 'Nobody was asked, or nobody decided, in the executions of the period.'
      : 'What people said of plans that waited for them. Each decision holds for one plan, by its hash, and names the identity that AWS itself put into the request.'
  }</p>
${list.length > 0 ? decisionTable(list) : ''}
${rest(list.length, decisions.count, 'the earliest.')}</section>`;
}

const decisionTable = (
  made: readonly DecisionMade[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:20%"><col style="width:9%"><col style="width:19%"><col style="width:16%"><col><col style="width:10%"></colgroup><thead><tr>
<th>when (UTC)</th><th>who</th><th>decided</th><th>on</th><th>caused by</th><th>reason given</th><th>records</th>
</tr></thead><tbody>
${made.map(
  ({ decided, on }) => html`<tr><td class="date">${minute(decided.at)}</td>
<td class="wide">${decided.by}<span class="soft">${decided.identity}</span></td><td>${decided.verdict}</td>
<td class="wide"><a href="#${on.control}">${on.control}</a><span class="soft">${place(on)}</span></td><td class="wide">${cause(on)}</td>
<td class="wide">${clip(decided.reason)}</td><td>${recordLinks(on)}</td></tr>
`,
)}</tbody></table></div>`;

/** Who stopped repairs, and who let them go on. */
export function commandsSection({ statistics }: AuditReport): Markup {
  const { orders } = statistics;
  const list = orders.kept;
  return html`<section><h2 id="orders">Orders of people</h2>
<p class="keep">${
    list.length === 0
      ? 'Nobody stopped repairs in the period, let any go on, or asked for one to be undone.'
      : 'Who stopped repairs, who let them go on again, and who asked for a repair to be undone, which others had to approve. What was found while repairs were stopped was recorded as held.'
  }</p>
${list.length > 0 ? orderTable(list) : ''}
${rest(list.length, orders.count, 'the earliest.', 'orders.csv')}</section>`;
}

const ORDERS = {
  halt: 'stopped every repair',
  resume: 'let repairs go on',
  release: 'let the control repair it again',
  'release-account': 'had repaired without asking again in an account whose breaker had opened',
  'release-backlog': 'had repaired what already stood in violation',
  rollback: 'asked for a repair to be undone',
} as const satisfies { readonly [K in CommandSummary['command']['kind']]: string };

const orderTable = (
  orders: readonly CommandSummary[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:24%"><col style="width:16%"><col style="width:20%"><col><col style="width:10%"></colgroup><thead><tr>
<th>when (UTC)</th><th>who</th><th>ordered</th><th>about</th><th>reason given</th><th>records</th>
</tr></thead><tbody>
${orders.map(
  (one) => html`<tr><td class="date">${minute(one.began)}</td>
<td class="wide">${one.command.by}<span class="soft">${one.command.identity}</span></td>
<td><strong>${one.command.kind}</strong><span class="soft">${ORDERS[one.command.kind]}</span></td>
<td class="wide">${isForAll(one) ? 'every control in every account' : html`<a href="#${one.control}">${one.control}</a><span class="soft">${commandTarget(one)}</span>`}</td>
<td class="wide">${clip(one.command.reason)}</td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;
