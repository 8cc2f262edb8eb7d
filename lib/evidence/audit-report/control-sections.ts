import type { Control } from '../../model/control.ts';
import { FRAMEWORKS } from '../../model/frameworks.ts';
import { pluralize } from '../../text/words.ts';
import { type Counts, median, worst } from './counts.ts';
import { type ExecutionSummary, type Status, secondsOf } from './execution-summary.ts';
import { html, type Markup } from './html.ts';
import { type AuditReport, duration, settledOtherwise, withoutViolation } from './report-facts.ts';
import { cause, clip, minute, place, recordLinks, rest, tag } from './value-format.ts';

/** Every control of the report, with what it asks for and what was done. */
export const controlSections = (report: AuditReport): Markup => html`<section class="page">
<h2 id="controls">Controls, and what was done</h2>
<p>Every control that answers a requirement above, with its executions in the period. All of them are in executions.csv.</p>
${report.controls.map((control) => section(control, report))}
</section>`;

function section({ id, title, rationale, severity, resource, frameworks }: Control, report: AuditReport): Markup {
  const answers = report.frameworks.flatMap((framework) =>
    frameworks[framework]?.length ? [`${FRAMEWORKS[framework]}: ${frameworks[framework].join(', ')}`] : [],
  );
  return html`<section><h3 id="${id}">${title}</h3>
<p class="note keep"><code>${id}</code> · ${severity} · ${resource} · ${answers.join('; ')}</p>
<p class="keep">${rationale}</p>
${executions(id, report)}
</section>`;
}

function executions(id: string, { statistics }: AuditReport): Markup {
  const found = statistics.controls.get(id);
  if (!found) return html`<p class="soft">Nothing of this control was recorded in the period.</p>`;
  const { seconds, cases } = found;
  const repaired =
    seconds.length > 0
      ? ` Time to repair: ${duration(median(seconds))} median, ${duration(worst(seconds))} at most.`
      : '';
  const list = cases.kept.filter(isShown);
  const all = found.executions - found.inOrder - settledOtherwise(found);
  return html`<p class="keep">${pluralize(found.executions, 'execution')}: ${countsInWords(found)}.${repaired}</p>
${list.length > 0 ? table(list) : ''}
${rest(list.length, all, 'first those that were not repaired, then the slowest repairs.')}`;
}

/** Every kind of end that there was, the most telling first. */
function countsInWords(counts: Counts): string {
  const { violations, statuses, inOrder } = counts;
  const ends = Object.entries(statuses)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([standing, number]) => `${number} ${standing}`);
  const found = violations === 0 ? 'no violation' : `${violations} found a violation (${ends.join(', ')})`;
  return [
    found,
    ...(inOrder > 0 ? [`${inOrder} found all in order`] : []),
    ...(withoutViolation(counts) > 0 ? [`${withoutViolation(counts)} could not look`] : []),
  ].join(', ');
}

const QUIET: readonly Status[] = ['compliant', 'gone'];
const isShown = ({ status }: ExecutionSummary) => !QUIET.includes(status);

const table = (
  cases: readonly ExecutionSummary[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:18%"><col><col style="width:14%"><col style="width:17%"><col style="width:7%"><col style="width:10%"></colgroup><thead><tr>
<th>began (UTC)</th><th>resource</th><th>violation, and what was to change</th><th>caused by</th><th>came to</th><th class="n">time</th><th>records</th>
</tr></thead><tbody>
${cases.map(
  (
    one,
  ) => html`<tr><td class="date">${minute(one.began)}</td><td class="wide">${place(one)}<span class="soft">${one.owner}</span></td>
<td class="wide">${clip(one.violation ?? '')}${one.changes.slice(0, 4).map((change) => html`<span class="soft">${clip(change)}</span>`)}</td>
<td class="wide">${cause(one)}</td><td class="wide">${tag(one.status)}<span class="soft">${clip(one.reason ?? '')}</span></td>
<td class="n">${duration(secondsOf(one))}</td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;
