import { FRAMEWORKS } from '../../model/frameworks.ts';
import { pluralize } from '../../text/words.ts';
import { controlSections } from './control-sections.ts';
import { median, worst } from './counts.ts';
import { html, Markup } from './html.ts';
import { commandsSection, decisionsSection, exceptionsSection, openSection } from './people-sections.ts';
import {
  type AuditReport,
  duration,
  escalatedOrRejected,
  requirementsOf,
  total,
  withoutViolation,
} from './report-facts.ts';
import { requirementTable } from './requirement-table.ts';
import { STYLE } from './stylesheet.ts';
import { span } from './value-format.ts';
import { VERDICTS, verifiedSentences } from './verified.ts';

/** The report as one HTML file that needs nothing beside it. */
export function page(report: AuditReport): string {
  const { period } = report;
  const title = `Compliance evidence, ${span(period.from, period.to)}`;
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
<p class="kicker">Evidence package</p>
<h1>${title}</h1>
${facts(report)}
</header>
<main>
${verification(report)}
${figures(report)}
${contents(report)}
${WORDS}
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
  const orders = statistics.orders.count > 0 ? ` and ${statistics.orders.count} orders of people` : '';
  return html`<dl class="facts">
<dt>Frameworks</dt><dd>${frameworks.map((framework) => FRAMEWORKS[framework]).join('; ')}</dd>
<dt>Period</dt><dd>${period.from} to ${period.to}, whole days in UTC</dd>
<dt>Evidence</dt><dd>${statistics.records} records of ${executions} executions${orders}, from <code>${source}</code></dd>
<dt>Controls deployed from</dt><dd>${commits.length === 0 ? 'no commit, for nothing was recorded' : html`<code>${commits.slice(0, 12).join(', ')}</code>${commits.length > 12 ? ` and ${commits.length - 12} more commits` : ''}`}</dd>
</dl>`;
}

function verification({ verification, statistics }: AuditReport): Markup {
  const { unreadable, unknown } = statistics;
  const { verdict } = verification;
  return html`<div class="verdict ${verdict}"><p><strong>${VERDICTS[verdict]}</strong></p>
<ul>${verifiedSentences(verification).map((sentence) => html`<li>${sentence}</li>`)}
${unreadable.kept.slice(0, 5).map(({ key, because }) => html`<li>Not counted: <code>${key}</code>: ${because}.</li>`)}
${unreadable.count > 5 ? html`<li>${unreadable.count - 5} more are not counted; verification.json names them.</li>` : ''}
${unknown.size > 0 ? html`<li>Left out, for this version has no such control: ${[...unknown].sort().join(', ')}.</li>` : ''}</ul></div>`;
}

function figures(report: AuditReport): Markup {
  const counts = total(report);
  const { statuses, seconds } = counts;
  const figure = (value: string | number, meaning: string) => html`<div><b>${value}</b><span>${meaning}</span></div>`;
  return html`<div class="figures">
${figure(counts.violations, 'violations found')}
${figure(statuses.repaired ?? 0, 'repaired and read back as compliant')}
${figure(duration(median(seconds)), 'median time to repair')}
${figure(duration(worst(seconds)), 'longest time to repair')}
${figure(statuses.exempt ?? 0, 'times spared by an exception')}
${figure(escalatedOrRejected(counts), 'left to people')}
${figure(statuses.observed ?? 0, 'observed only')}
${figure(counts.open, 'resources left in violation at the end')}
</div>
${blindNote(withoutViolation(counts))}`;
}

/** What nobody could look at is no violation, and is not in order either. */
const blindNote = (number: number): Markup | undefined =>
  number === 0
    ? undefined
    : html`<p class="note">${pluralize(number, 'execution')} could not look at the resource: no violation is counted there, and
nothing is said to be in order. They stand below their controls, with the reason.</p>`;

function contents({ frameworks }: AuditReport): Markup {
  const entry = (id: string, text: string) => html`<li><a href="#${id}">${text}</a></li>`;
  return html`<nav><ul class="toc">
${frameworks.map((framework) => entry(framework, FRAMEWORKS[framework]))}
${entry('open', 'Open at the end of the period')}
${entry('exceptions', 'Exceptions')}
${entry('decisions', 'Decisions of people')}
${entry('orders', 'Orders of people')}
${entry('controls', 'Controls, and what was done')}
${entry('files', 'What is in this package')}
</ul></nav>`;
}

const word = (name: string, meaning: string) => html`<div><dt>${name}</dt><dd>${meaning}</dd></div>`;
const WORDS = html`<section><h2 id="words">How to read this</h2>
<p>Evenkeel holds AWS resources to <em>controls</em>. Each time that something draws its attention to a resource it starts an
<em>execution</em>, which ends in exactly one of the ways below. Every step left a record, whose file this package holds.</p>
<p>A requirement is answered here by the controls named beside it, and by these alone: it may ask for more than they
check. That nothing was found says that none of the events and sweeps in the period led to a violation.</p>
<dl class="words">
${word('Violation', 'An execution read the resource and found that it breaks the control. One resource can be found several times.')}
${word('Repaired', 'The resource was changed, read back, and is compliant.')}
${word('Time to repair', 'From the record of the plan, before anything was changed, to the record that it reads back as compliant. Waiting for an approval is part of it.')}
${word('Spared', 'An exception in the register gave leave; nothing was changed.')}
${word('Left to people', 'Escalated (a machine should not decide, or a repair did not work out), rejected by a person, rolled back as people ordered and approved, or held: somebody had stopped all repairs, broke the resource as often as it was repaired, or rolled it back.')}
${word('Observed', 'The control only watches this account, or only detects; nothing was changed.')}
${word('Open at the end', 'Resources whose last look in the period left them in violation without leave, as of the end of the last day.')}
${word('Settled otherwise', 'When the repair was about to begin, somebody else had put it right, or the resource was gone.')}
${word('Not ended', 'Still under way, or waiting for people, at the end of the last day.')}
</dl></section>`;

function files({ source }: AuditReport): Markup {
  const file = (name: string, meaning: string) =>
    html`<tr><td><a href="${name}"><code>${name}</code></a></td><td>${meaning}</td></tr>`;
  return html`<section><h2 id="files">What is in this package</h2>
<table><thead><tr><th>file</th><th>what it is</th></tr></thead><tbody>
${file('report.html', 'this report')}
${file('summary.csv', 'the tables of requirements')}
${file('executions.csv', 'every execution: what, where, whose, who caused it, what was done, by whose leave')}
${file('orders.csv', 'who stopped repairs, let them go on or had one undone, and why')}
${file('records.csv', 'every record behind these lines, with its SHA-256')}
${file('oscal-assessment-results.json', 'the same results in NIST’s OSCAL, for compliance tools')}
${file('verification.json', 'what the check of the evidence found')}
${file('vault/', 'the records themselves and the signed digests that list them, byte for byte as in the vault')}
${file('public-key.pem', 'the key that the digests’ signatures were checked with')}
</tbody></table>
<p>Anybody can check it again, without access to the account that it comes from. A key that came with the evidence proves
nothing alone: compare it with the one that you were given on another way.</p>
<pre>evenkeel evidence verify vault --public-key public-key.pem</pre>
<p class="note">Made from <code>${source}</code>. The same evidence and the same period give the same files, byte for byte.</p></section>`;
}
