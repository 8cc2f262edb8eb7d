import type { Control } from '../../model/control.ts';
import { FRAMEWORKS } from '../../model/frameworks.ts';
import { listed, pluralize } from '../../text/words.ts';
import { type Counts, maximum, median, notEvaluated, resolvedOtherwise } from './counts.ts';
import { type ExecutionSummary, type Status, secondsOf } from './execution-summary.ts';
import { html, type Markup } from './html.ts';
import type { AuditReport } from './report-facts.ts';
import {
  actorCell,
  minute,
  omittedNote,
  recordLinks,
  resourceCell,
  secondsText,
  statusTag,
  statusText,
  truncate,
} from './value-format.ts';

/** The section of the controls, with the most important executions of each. */
export const controlSections = (report: AuditReport): Markup => html`<section class="page">
<h2 id="controls">Controls and executions</h2>
<p>The controls that are mapped to a requirement above, with their executions in the period. executions.csv lists all executions.</p>
${report.controls.map((control) => section(control, report))}
</section>`;

function section(control: Control, report: AuditReport): Markup {
  const { id, title, rationale, severity, resource, frameworks } = control;
  const requirements = report.frameworks.flatMap((framework) =>
    frameworks[framework]?.length ? [`${FRAMEWORKS[framework]}: ${frameworks[framework].join(', ')}`] : [],
  );
  return html`<section><h3 id="${id}">${title}</h3>
<p class="note keep"><code>${id}</code> · ${severity} · ${resource} · ${requirements.join('; ')}</p>
<p class="keep">${rationale}</p>
${executions(control, report)}
</section>`;
}

/** The evidence does not hold the config, so that the report can say only where a control is not evaluated. */
function notConfiguredNote({ requiredParameters = {} }: Control): string {
  const names = Object.keys(requiredParameters);
  return names.length === 0
    ? ''
    : ` It needs a value for ${listed(names)} in the config. Without one, the control is not configured: Evenkeel does not evaluate the resources, and the missing executions do not show compliance.`;
}

function executions(control: Control, { statistics }: AuditReport): Markup {
  const found = statistics.controls.get(control.id);
  if (!found)
    return html`<p class="soft">No execution of this control was recorded in the period.${notConfiguredNote(control)}</p>`;
  const { seconds, topExecutions } = found;
  const repaired =
    seconds.length > 0
      ? ` Time to repair: ${secondsText(median(seconds))} median, ${secondsText(maximum(seconds))} longest.`
      : '';
  const list = topExecutions.kept.filter(isShown);
  const all = found.executions - found.noViolation - resolvedOtherwise(found);
  return html`<p class="keep">${pluralize(found.executions, 'execution')}: ${countsText(found)}.${repaired}</p>
${list.length > 0 ? table(list) : ''}
${omittedNote(list.length, all, 'first those that are not repaired, then the slowest repairs.')}`;
}

function countsText(counts: Counts): string {
  const { violations, statuses, noViolation } = counts;
  const byStatus = Object.entries(statuses)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([status, count]) => `${count} ${statusText(status)}`);
  return [
    violations === 0 ? '0 with a violation' : `${violations} with a violation (${byStatus.join(', ')})`,
    ...(noViolation > 0 ? [`${noViolation} without a violation`] : []),
    ...(notEvaluated(counts) > 0 ? [`${notEvaluated(counts)} could not evaluate the resource`] : []),
  ].join(', ');
}

const HIDDEN: readonly Status[] = ['compliant', 'gone'];
const isShown = ({ status }: ExecutionSummary) => !HIDDEN.includes(status);

const table = (
  list: readonly ExecutionSummary[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:18%"><col><col style="width:14%"><col style="width:17%"><col style="width:7%"><col style="width:10%"></colgroup><thead><tr>
<th>Started (UTC)</th><th>Resource</th><th>Violation and planned changes</th><th>Changed by</th><th>Outcome</th><th class="n">Time</th><th>Records</th>
</tr></thead><tbody>
${list.map(
  (
    one,
  ) => html`<tr><td class="date">${minute(one.startedAt)}</td><td class="wide">${resourceCell(one)}<span class="soft">${one.owner}</span></td>
<td class="wide">${truncate(one.violation ?? '')}${one.changes.slice(0, 4).map((change) => html`<span class="soft">${truncate(change)}</span>`)}</td>
<td class="wide">${actorCell(one)}</td><td class="wide">${statusTag(one.status)}<span class="soft">${truncate(one.reason ?? '')}</span></td>
<td class="n">${secondsText(secondsOf(one))}</td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;
