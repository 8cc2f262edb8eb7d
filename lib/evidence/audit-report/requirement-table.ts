import type { Framework } from '../../model/control.ts';
import { FRAMEWORKS } from '../../model/frameworks.ts';
import { type Counts, manualAction, maximum, median, resolvedOtherwise } from './counts.ts';
import { html, type Markup } from './html.ts';
import type { RequirementRow } from './report-facts.ts';
import { numberCell, secondsText } from './value-format.ts';

/** The table of the requirements of one framework. */
export const requirementTable = (framework: Framework, rows: readonly RequirementRow[]): Markup =>
  html`<section><h2 id="${framework}">${FRAMEWORKS[framework]}</h2>
<p class="keep">Violations and repairs in the period for each requirement to which a control is mapped. A control with several
requirements is counted in each of them.</p>
<div class="scroll"><table class="requirements"><thead><tr>
<th>Requirement</th><th>Controls</th><th class="n">Violations</th><th class="n">Repaired</th><th class="n">Exempt</th>
<th class="n">Manual action</th><th class="n">Observed only</th><th class="n">Resolved otherwise</th><th class="n">In progress</th>
<th class="n">Open at end</th><th class="n">Median time</th><th class="n">Longest time</th>
</tr></thead><tbody>
${rows.map(tableRow)}
</tbody></table></div></section>`;

function tableRow({ requirement, controls, counts }: RequirementRow): Markup {
  const { statuses, seconds } = counts;
  const numbers = [
    ...[counts.violations, statuses.repaired ?? 0, statuses.exempt ?? 0, manualAction(counts)],
    ...[statuses.observed ?? 0, resolvedOtherwise(counts), statuses['in-progress'] ?? 0, counts.openAtEnd],
  ];
  return html`<tr><td><strong>${requirement}</strong></td>
<td>${controls.map((id) => html`<a class="line" href="#${id}">${id}</a>`)}</td>
${numbers.map((number) => html`<td class="n">${numberCell(number)}</td>`)}
<td class="n">${secondsText(median(seconds))}</td><td class="n">${secondsText(maximum(seconds))}</td></tr>
${peopleRow(counts)}`;
}

/** The people who approved exceptions and decided on plans, below the numbers. */
function peopleRow({ exceptionApprovers, approved, rejected }: Counts): Markup | undefined {
  const sentences = [
    ...(exceptionApprovers.size > 0 ? [`Exceptions approved by ${[...exceptionApprovers].sort().join(', ')}.`] : []),
    ...(approved.size > 0 ? [`Repairs approved by ${peopleText(approved)}.`] : []),
    ...(rejected.size > 0 ? [`Repairs rejected by ${peopleText(rejected)}.`] : []),
  ];
  return sentences.length === 0
    ? undefined
    : html`<tr class="people"><td></td><td colspan="11" class="wide">${sentences.join(' ')}</td></tr>
`;
}

const peopleText = (counts: ReadonlyMap<string, number>) =>
  [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([person, count]) => `${person} (${count})`)
    .join(', ');
