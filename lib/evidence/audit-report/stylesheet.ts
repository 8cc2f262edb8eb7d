/** The style of the report for screen and print; it loads no other resource. */
export const STYLE = `
@page { size: A4; margin: 18mm 15mm 19mm;
  @bottom-left { content: "Evenkeel audit report"; font: 7.5pt Arial, sans-serif; color: #667; }
  @bottom-right { content: counter(page) " / " counter(pages); font: 7.5pt Arial, sans-serif; color: #667; } }
:root { --ink: #16202b; --soft: #566372; --line: #d5dbe2; --wash: #f4f6f8; --accent: #0b5563;
  --good: #17653c; --bad: #a3201d; --warn: #8a5300; }
* { box-sizing: border-box; }
html { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
body { margin: 0 auto; max-width: 1080px; padding: 40px 32px 80px; color: var(--ink); background: #fff;
  font: 15px/1.5 "Segoe UI", "Helvetica Neue", Helvetica, Arial, "Liberation Sans", sans-serif; }
h1 { font-size: 30px; line-height: 1.2; letter-spacing: -.01em; margin: 4px 0 10px; }
h2 { font-size: 20px; line-height: 1.3; margin: 48px 0 6px; padding-top: 14px; border-top: 2px solid var(--ink); }
h3 { font-size: 16px; margin: 30px 0 4px; }
p { margin: 6px 0 10px; max-width: 88ch; }
a { color: var(--accent); text-decoration-color: #0b556355; text-underline-offset: 2px; }
code, .mono { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace; font-size: .86em;
  overflow-wrap: anywhere; }
pre { background: var(--wash); border: 1px solid var(--line); padding: 10px 12px; white-space: pre-wrap; font-size: 13px; }
.kicker { color: var(--accent); font-weight: 600; font-size: 12.5px; letter-spacing: .08em; text-transform: uppercase; margin: 0; }
.soft, .note { color: var(--soft); }
.note { font-size: 13px; }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: 2px 18px; margin: 14px 0; }
.facts dt { color: var(--soft); } .facts dd { margin: 0; overflow-wrap: anywhere; }
.verdict { border: 1px solid var(--line); border-left: 5px solid var(--soft); padding: 12px 16px; margin: 20px 0; }
.verdict.complete { border-left-color: var(--good); } .verdict.complete strong { color: var(--good); }
.verdict.broken { border-left-color: var(--bad); } .verdict.broken strong { color: var(--bad); }
.verdict.unverified { border-left-color: var(--warn); } .verdict.unverified strong { color: var(--warn); }
.verdict ul { margin: 4px 0 0; padding-left: 18px; } .verdict p { margin: 2px 0; }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); border-top: 1px solid var(--line); border-left: 1px solid var(--line); margin: 22px 0; }
.figures div { padding: 10px 14px 12px; border-right: 1px solid var(--line); border-bottom: 1px solid var(--line); }
.figures b { display: block; font-size: 25px; line-height: 1.2; font-variant-numeric: tabular-nums; }
.figures span { color: var(--soft); font-size: 13px; }
table { width: 100%; border-collapse: collapse; margin: 10px 0 14px; font-size: 13px; line-height: 1.4; }
th, td { text-align: left; vertical-align: top; padding: 5px 9px 5px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); vertical-align: bottom; border-bottom: 1.5px solid var(--ink); }
td.n, th.n { text-align: right; } td.n { font-variant-numeric: tabular-nums; white-space: nowrap; }
td.wide { overflow-wrap: anywhere; } td.date { white-space: nowrap; font-variant-numeric: tabular-nums; }
tr.total td { font-weight: 600; border-top: 1.5px solid var(--ink); }
td .soft { display: block; } .one { white-space: nowrap; } a.line { display: block; white-space: nowrap; }
tr:has(+ tr.people) td { border-bottom: none; padding-bottom: 1px; } tr.people td { padding-top: 0; color: var(--soft); font-size: .92em; }
table.requirements th { font-size: .92em; overflow-wrap: normal; } table.cases { table-layout: fixed; }
.tag { font-weight: 600; white-space: nowrap; } .tag.repaired { color: var(--good); }
.tag.escalated, .tag.held, .tag.rejected, .tag.rolled-back, .tag.in-progress { color: var(--bad); } .tag.exempt, .tag.observed { color: var(--warn); }
.zero { color: #9aa5b1; }
dl.terms { columns: 2; column-gap: 34px; font-size: 13.5px; } dl.terms div { break-inside: avoid; margin-bottom: 7px; }
dl.terms dt { font-weight: 600; } dl.terms dd { margin: 0; color: var(--soft); }
ul.toc { columns: 2; list-style: none; padding: 0; margin: 8px 0; font-size: 14px; }
@media (max-width: 760px) { .figures { grid-template-columns: repeat(2, 1fr); } ul.toc, dl.terms { columns: 1; }
  .scroll { overflow-x: auto; } }
@media print {
  nav { display: none; }
  body { font-size: 9.4pt; padding: 0; max-width: none; }
  h1 { font-size: 20pt; } h2 { font-size: 13.5pt; margin-top: 20pt; } h3 { font-size: 11pt; margin-top: 15pt; }
  h2, h3, .keep { break-after: avoid; } p, tr, .verdict, .figures { break-inside: avoid; } p { orphans: 3; widows: 3; }
  tr.people { break-before: avoid; } section.page { break-before: page; } section.page > h2 { margin-top: 0; }
  table { font-size: 7.8pt; } thead { display: table-header-group; } pre, .note { font-size: 8pt; }
  .figures b { font-size: 16pt; } .figures span, ul.toc { font-size: 8.6pt; } .figures div { padding: 6px 10px 7px; } .figures { margin: 14px 0; }
  dl.terms { font-size: 8.2pt; line-height: 1.35; } dl.terms div { margin-bottom: 4px; } ul.toc { margin: 4px 0; }
  a { color: inherit; text-decoration: none; } h2 a, td a { text-decoration: none; }
}
`;
