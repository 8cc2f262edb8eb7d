import { FRAMEWORKS } from '../../model/frameworks.ts';
import { pluralize } from '../../text/words.ts';
import { VERDICTS, verificationSentences } from '../verify/verification-text.ts';
import { controlSections } from './control-sections.ts';
import { manualAction, maximum, median, notEvaluated } from './counts.ts';
import { html, Markup } from './html.ts';
import { commandsSection, decisionsSection, exceptionsSection, openSection } from './people-sections.ts';
import { type AuditReport, requirementsOf, total } from './report-facts.ts';
import { requirementTable } from './requirement-table.ts';
import { STYLE } from './stylesheet.ts';
import { dateRange, secondsText } from './value-format.ts';

/** The report as one HTML file without references to other resources. */
export function page(report: AuditReport): string {
  const { period } = report;
  const title = `Compliance evidence, ${dateRange(period.from, period.to)}`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<header>
<p class="kicker">Audit report</p>
<h1>${title}</h1>
${facts(report)}
</header>
<main>
${verification(report)}
${figures(report)}
${contents(report)}
${TERMS}
${report.frameworks.map((framework) => requirementTable(framework, requirementsOf(framework, report)))}
${openSection(report)}
${exceptionsSection(report)}
${decisionsSection(report)}
${commandsSection(report)}
${controlSections(report)}
${files(report)}
</main>
</body>
</html>
`.text;
}

function facts(report: AuditReport): Markup {
  const { frameworks, source, statistics, period } = report;
  const commits = [...statistics.commits].sort();
  const { executions } = total(report);
  const commands = statistics.commands.count;
  const also = commands > 0 ? ` and ${pluralize(commands, 'operator command')}` : '';
  const shown = html`<code>${commits.slice(0, 12).join(', ')}</code>${commits.length > 12 ? ` and ${commits.length - 12} more` : ''}`;
  return html`<dl class="facts">
<dt>Frameworks</dt><dd>${frameworks.map((framework) => FRAMEWORKS[framework]).join('; ')}</dd>
<dt>Period</dt><dd>${period.from} to ${period.to}, whole days in UTC</dd>
<dt>Evidence</dt><dd>${statistics.records} records of ${pluralize(executions, 'execution')}${also}, from <code>${source}</code></dd>
<dt>Deployed commits</dt><dd>${commits.length === 0 ? 'none, because no execution was recorded' : shown}</dd>
</dl>`;
}

function verification({ verification, statistics }: AuditReport): Markup {
  const { unreadable, unknownControls: unknown } = statistics;
  const { verdict } = verification;
  return html`<div class="verdict ${verdict}"><p><strong>${VERDICTS[verdict]}</strong></p>
<ul>${verificationSentences(verification).map((sentence) => html`<li>${sentence}</li>`)}
${unreadable.kept.slice(0, 5).map(({ key, reason }) => html`<li>Not counted: <code>${key}</code>: ${reason}.</li>`)}
${unreadable.count > 5 ? html`<li>Not counted: ${unreadable.count - 5} more objects, listed in verification.json.</li>` : ''}
${unknown.size > 0 ? html`<li>Not included: executions of controls that this version does not have: ${[...unknown].sort().join(', ')}.</li>` : ''}</ul></div>`;
}

function figures(report: AuditReport): Markup {
  const counts = total(report);
  const { statuses, seconds } = counts;
  const figure = (value: string | number, meaning: string) => html`<div><b>${value}</b><span>${meaning}</span></div>`;
  return html`<div class="figures">
${figure(counts.violations, 'violations found')}
${figure(statuses.repaired ?? 0, 'repaired')}
${figure(secondsText(median(seconds)), 'median time to repair')}
${figure(secondsText(maximum(seconds)), 'longest time to repair')}
${figure(statuses.exempt ?? 0, 'exempt by an exception')}
${figure(manualAction(counts), 'need manual action')}
${figure(statuses.observed ?? 0, 'observed only')}
${figure(counts.openAtEnd, 'resources in violation at the end')}
</div>
${notEvaluatedNote(notEvaluated(counts))}`;
}

const notEvaluatedNote = (count: number): Markup | undefined =>
  count === 0
    ? undefined
    : html`<p class="note">${pluralize(count, 'execution')} could not evaluate the resource. They count neither as violations nor as
compliant. Each is listed under its control with the reason.</p>`;

function contents({ frameworks }: AuditReport): Markup {
  const entry = (id: string, text: string) => html`<li><a href="#${id}">${text}</a></li>`;
  return html`<nav><ul class="toc">
${frameworks.map((framework) => entry(framework, FRAMEWORKS[framework]))}
${entry('open', 'Open violations at the end of the period')}
${entry('exceptions', 'Exceptions')}
${entry('decisions', 'Approvals and rejections')}
${entry('commands', 'Operator commands')}
${entry('controls', 'Controls and executions')}
${entry('files', 'Files')}
</ul></nav>`;
}

const term = (name: string, meaning: string) => html`<div><dt>${name}</dt><dd>${meaning}</dd></div>`;
const TERMS = html`<section><h2 id="terms">How to read this report</h2>
<p>Evenkeel checks AWS resources against <em>controls</em>. Each event or sweep that points to a resource starts an
<em>execution</em>, which has exactly one outcome. Each step of an execution leaves a record, and this folder contains its file.</p>
<p>The report evaluates a requirement by the controls beside it only; the requirement may ask for more than they check. If the report
shows no violation, no event or sweep in the period led to one.</p>
<dl class="terms">
${term('Violation', 'An execution read the resource and found that it violates the control. A resource can be found several times.')}
${term('Repaired', 'Evenkeel changed the resource and read it back, and it is compliant.')}
${term('Time to repair', 'The time from the record of the plan, before any change, to the record of the compliant read-back. It includes the wait for an approval.')}
${term('Exempt', 'An exception allows the violation. Nothing was changed.')}
${term('Manual action', 'The execution was escalated (the repair failed or needs a decision), rejected by a person, rolled back after an approval, or held because of a halt, repeated drift or a rollback.')}
${term('Observed only', 'The control only observes this account, or it has no repair. Nothing was changed.')}
${term('Open at end', 'Resources in violation without an exception at their last evaluation in the period.')}
${term('Resolved otherwise', 'Before the repair started, someone else made the resource compliant, or it was gone.')}
${term('In progress', 'The execution was running or waiting for an approval at the end of the last day.')}
</dl></section>`;

function files({ source }: AuditReport): Markup {
  const file = (name: string, content: string) =>
    html`<tr><td><a href="${name}"><code>${name}</code></a></td><td>${content}</td></tr>`;
  return html`<section><h2 id="files">Files</h2>
<table><thead><tr><th>File</th><th>Content</th></tr></thead><tbody>
${file('report.html', 'this report')}
${file('summary.csv', 'the tables of requirements')}
${file('executions.csv', 'every execution: resource, owner, actor, changes, outcome and exception')}
${file('commands.csv', 'every operator command, with the person and the reason')}
${file('records.csv', 'every record of these executions and commands, with its SHA-256')}
${file('oscal-assessment-results.json', 'the same results as OSCAL assessment results of NIST, for compliance tools')}
${file('verification.json', 'the result of the verification of the evidence')}
${file('vault/', 'the records and the signed digests that list them, byte for byte as in the vault')}
${file('public-key.pem', 'the public key with which the signatures were verified')}
</tbody></table>
<p>You can verify the evidence again without access to the AWS account. A public key that ships with the evidence proves nothing:
compare it with the key that you received in another way.</p>
<pre>evenkeel evidence verify vault --public-key public-key.pem</pre>
<p class="note">Source: <code>${source}</code>. The same evidence and period give the same files, byte for byte.</p></section>`;
}
