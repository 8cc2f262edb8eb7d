import type { Control } from '../control.ts';
import { counted } from '../counted.ts';
import { FRAMEWORKS } from '../frameworks.ts';
import { type Case, type Standing, secondsOf } from './case.ts';
import { type Counts, median, worst } from './counts.ts';
import { html, type Markup } from './markup.ts';
import { blind, duration, type Report, settledOtherwise } from './report.ts';
import { cause, clip, minute, place, recordLinks, rest, tag } from './words.ts';

/** Every control of the report, with what it asks for and what was done. */
export const controlSections = (report: Report): Markup => html`<section class="page">
<h2 id="controls">Controls, and what was done</h2>
<p>Every control that answers a requirement above, with its executions in the period. All of them are in executions.csv.</p>
${report.controls.map((control) => section(control, report))}
</section>`;

function section({ id, title, rationale, severity, resource, frameworks }: Control, report: Report): Markup {
  const answers = report.frameworks.flatMap((framework) =>
    frameworks[framework]?.length ? [`${FRAMEWORKS[framework]}: ${frameworks[framework].join(', ')}`] : [],
  );
  return html`<section><h3 id="${id}">${title}</h3>
<p class="note keep"><code>${id}</code> · ${severity} · ${resource} · ${answers.join('; ')}</p>
<p class="keep">${rationale}</p>
${executions(id, report)}
</section>`;
}

function executions(id: string, { tally }: Report): Markup {
  const found = tally.controls.get(id);
  if (!found) return html`<p class="soft">Nothing of this control was recorded in the period.</p>`;
  const { seconds, cases } = found;
  const repaired =
    seconds.length > 0
      ? ` Time to repair: ${duration(median(seconds))} median, ${duration(worst(seconds))} at most.`
      : '';
  const list = cases.kept.filter(isShown);
  const all = found.executions - found.inOrder - settledOtherwise(found);
  return html`<p class="keep">${counted(found.executions, 'execution')}: ${countsInWords(found)}.${repaired}</p>
${list.length > 0 ? table(list) : ''}
${rest(list.length, all, 'first those that were not repaired, then the slowest repairs.')}`;
}

/** Every kind of end that there was, the most telling first. */
function countsInWords(counts: Counts): string {
  const { violations, standings, inOrder } = counts;
  const ends = Object.entries(standings)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([standing, number]) => `${number} ${standing}`);
  const found = violations === 0 ? 'no violation' : `${violations} found a violation (${ends.join(', ')})`;
  return [
    found,
    ...(inOrder > 0 ? [`${inOrder} found all in order`] : []),
    ...(blind(counts) > 0 ? [`${blind(counts)} could not look`] : []),
  ].join(', ');
}

const QUIET: readonly Standing[] = ['compliant', 'gone'];
const isShown = ({ standing }: Case) => !QUIET.includes(standing);

const table = (
  cases: readonly Case[],
) => html`<div class="scroll"><table class="cases"><colgroup><col style="width:9%"><col style="width:18%"><col><col style="width:14%"><col style="width:17%"><col style="width:7%"><col style="width:10%"></colgroup><thead><tr>
<th>began (UTC)</th><th>resource</th><th>violation, and what was to change</th><th>caused by</th><th>came to</th><th class="n">time</th><th>records</th>
</tr></thead><tbody>
${cases.map(
  (
    one,
  ) => html`<tr><td class="date">${minute(one.began)}</td><td class="wide">${place(one)}<span class="soft">${one.owner}</span></td>
<td class="wide">${clip(one.violation ?? '')}${one.changes.slice(0, 4).map((change) => html`<span class="soft">${clip(change)}</span>`)}</td>
<td class="wide">${cause(one)}</td><td class="wide">${tag(one.standing)}<span class="soft">${clip(one.reason ?? '')}</span></td>
<td class="n">${duration(secondsOf(one))}</td><td>${recordLinks(one)}</td></tr>
`,
)}</tbody></table></div>`;
