import { actorName, type Case, secondsOf } from './case.ts';
import { type Cell, csvLine } from './csv.ts';
import { blind, leftToPeople, type RequirementLine, settledOtherwise } from './report.ts';
import { median, worst } from './tally.ts';

/** The first line of `summary.csv`. */
export const SUMMARY_HEAD = csvLine([
  ...['framework', 'requirement', 'controls', 'executions', 'in order', 'could not look', 'violations', 'repaired'],
  ...[
    'spared by exception',
    'left to people',
    'observed',
    'settled otherwise',
    'not ended',
    'open at the end',
    'spared at the end',
  ],
  ...['median seconds to repair', 'longest seconds to repair'],
]);

/** One requirement. */
export function summaryLine({ framework, requirement, controls, counts }: RequirementLine): string {
  const { standings, seconds } = counts;
  return csvLine([
    ...[
      framework,
      requirement,
      controls.join(' '),
      counts.executions,
      counts.inOrder,
      blind(counts),
      counts.violations,
    ],
    ...[standings.repaired ?? 0, standings.spared ?? 0, leftToPeople(counts), standings.observed ?? 0],
    ...[settledOtherwise(counts), standings['not ended'] ?? 0],
    ...[counts.open, counts.spared, median(seconds), worst(seconds)],
  ]);
}

const EXECUTION: { readonly [column: string]: (one: Case) => Cell } = {
  execution: ({ execution }) => execution,
  control: ({ control }) => control,
  'deployed from commit': ({ commit }) => commit,
  account: ({ target }) => target.account,
  region: ({ target }) => target.region,
  resource: ({ target }) => target.id,
  owner: ({ owner }) => owner,
  'caused by': ({ actor }) => actorName(actor),
  origin: ({ origin }) => origin,
  mode: ({ mode }) => mode,
  'noticed by': ({ source }) => source,
  began: ({ began }) => began,
  ended: ({ ended }) => ended,
  seconds: secondsOf,
  violation: ({ violation }) => violation,
  change: ({ changes }) => changes.join('; '),
  outcome: ({ standing }) => standing,
  reason: ({ reason }) => reason,
  exception: ({ exception }) => exception?.id,
  'spared by leave of': ({ exception }) => exception?.approver,
  ticket: ({ exception }) => exception?.ticket,
  decisions: ({ decisions }) =>
    decisions.map(({ at, verdict, by, reason }) => `${verdict} by ${by} at ${at}: ${reason}`).join('; '),
  records: ({ records }) => records.map(({ key }) => key).join(' '),
};

/** The first line of `executions.csv`. */
export const EXECUTIONS_HEAD = csvLine(Object.keys(EXECUTION));

/** One execution. */
export const executionLine = (one: Case): string => csvLine(Object.values(EXECUTION).map((column) => column(one)));

/** The first line of `records.csv`. */
export const RECORDS_HEAD = csvLine(['key', 'sha256', 'execution']);

/** The records of one execution. */
export const recordLines = ({ execution, records }: Case): string =>
  records.map(({ key, sha256 }) => csvLine([key, sha256, execution])).join('');
