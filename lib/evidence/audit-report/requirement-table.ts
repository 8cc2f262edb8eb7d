import type { Framework } from '../../model/control.ts';
import { FRAMEWORKS } from '../../model/frameworks.ts';
import { type Counts, median, worst } from './counts.ts';
import { html, type Markup } from './html.ts';
import { duration, escalatedOrRejected, type RequirementLine, settledOtherwise } from './report-facts.ts';
import { count } from './value-format.ts';

/** What was found and done for each requirement of one framework. */
export const requirementTable = (framework: Framework, lines: readonly RequirementLine[]): Markup =>
  html`<section><h2 id="${framework}">${FRAMEWORKS[framework]}</h2>
<p class="keep">What was found and done in the period, for each requirement that a control answers. A control that answers several
requirements is counted in each of them.</p>
<div class="scroll"><table class="requirements"><thead><tr>
<th>requirement</th><th>controls</th><th class="n">violations</th><th class="n">repaired</th><th class="n">spared</th>
<th class="n">left to people</th><th class="n">observed</th><th class="n">settled otherwise</th><th class="n">not ended</th>
<th class="n">open at the end</th><th class="n">median time</th><th class="n">longest time</th>
</tr></thead><tbody>
${lines.map(row)}
</tbody></table></div></section>`;

function row({ requirement, controls, counts }: RequirementLine): Markup {
  const { statuses, seconds } = counts;
  const numbers = [
    ...[counts.violations, statuses.repaired ?? 0, statuses.exempt ?? 0, escalatedOrRejected(counts)],
    ...[statuses.observed ?? 0, settledOtherwise(counts), statuses['not ended'] ?? 0, counts.open],
  ];
  return html`<tr><td><strong>${requirement}</strong></td>
<td>${controls.map((id) => html`<a class="line" href="#${id}">${id}</a>`)}</td>
${numbers.map((number) => html`<td class="n">${count(number)}</td>`)}
<td class="n">${duration(median(seconds))}</td><td class="n">${duration(worst(seconds))}</td></tr>
${identities(counts)}`;
}

/** By whose leave something was spared, and who decided, below the numbers. */
function identities({ leave, approved, rejected }: Counts): Markup | undefined {
  const words = [
    ...(leave.size > 0 ? [`Spared by leave of ${[...leave].sort().join(', ')}.`] : []),
    ...(approved.size > 0 ? [`Approved by ${timesEach(approved)}.`] : []),
    ...(rejected.size > 0 ? [`Rejected by ${timesEach(rejected)}.`] : []),
  ];
  return words.length === 0
    ? undefined
    : html`<tr class="people"><td></td><td colspan="11" class="wide">${words.join(' ')}</td></tr>
`;
}

const timesEach = (times: ReadonlyMap<string, number>) =>
  [...times]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([person, count]) => `${person} (${count})`)
    .join(', ');
