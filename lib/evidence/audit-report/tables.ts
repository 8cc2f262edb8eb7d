import { median, sumOf, worst } from './counts.ts';
import { type Cell, csvLine } from './csv.ts';
import { actorName, type CommandSummary, type ExecutionSummary, type Status, secondsOf } from './execution-summary.ts';
import { type RequirementLine, settledOtherwise, withoutViolation } from './report-facts.ts';

const SUMMARY: { readonly [column: string]: (line: RequirementLine) => Cell } = {
  framework: ({ framework }) => framework,
  requirement: ({ requirement }) => requirement,
  controls: ({ controls }) => controls.join(' '),
  executions: ({ counts }) => counts.executions,
  'in order': ({ counts }) => counts.inOrder,
  'could not look': ({ counts }) => withoutViolation(counts),
  violations: ({ counts }) => counts.violations,
  repaired: standing('repaired'),
  'spared by exception': standing('exempt'),
  'spared by leave of': ({ counts }) => [...counts.leave].sort().join('; '),
  escalated: standing('escalated'),
  held: standing('held'),
  rejected: standing('rejected'),
  'rolled-back': standing('rolled-back'),
  observed: standing('observed'),
  'settled otherwise': ({ counts }) => settledOtherwise(counts),
  'not ended': standing('not ended'),
  'open at the end': ({ counts }) => counts.open,
  'spared at the end': ({ counts }) => counts.exempt,
  approvals: ({ counts }) => sumOf(counts.approved),
  'approved by': ({ counts }) => [...counts.approved.keys()].sort().join('; '),
  rejections: ({ counts }) => sumOf(counts.rejected),
  'rejected by': ({ counts }) => [...counts.rejected.keys()].sort().join('; '),
  'median seconds to repair': ({ counts }) => median(counts.seconds),
  'longest seconds to repair': ({ counts }) => worst(counts.seconds),
};

function standing(name: Status): (line: RequirementLine) => number {
  return ({ counts }) => counts.statuses[name] ?? 0;
}

/** The first line of `summary.csv`. */
export const SUMMARY_HEAD = csvLine(Object.keys(SUMMARY));

/** One requirement. */
export const summaryLine = (line: RequirementLine): string =>
  csvLine(Object.values(SUMMARY).map((column) => column(line)));

const EXECUTION: { readonly [column: string]: (one: ExecutionSummary) => Cell } = {
  execution: ({ execution }) => execution,
  control: ({ control }) => control,
  'deployed from commit': ({ commit }) => commit,
  account: ({ target }) => target.account,
  region: ({ target }) => target.region,
  resource: ({ target }) => target.id,
  owner: ({ owner }) => owner,
  'rollback of': ({ rollback }) => rollback?.execution,
  'caused by': ({ actor }) => actorName(actor),
  origin: ({ origin }) => origin,
  stack: ({ templateSource }) => templateSource?.stack,
  'logical id': ({ templateSource }) => templateSource?.logicalId,
  'template repository': ({ templateSource }) => templateSource?.repository,
  'template commit': ({ templateSource }) => templateSource?.commit,
  mode: ({ mode }) => mode,
  'noticed by': ({ source }) => source,
  began: ({ began }) => began,
  ended: ({ ended }) => ended,
  seconds: secondsOf,
  violation: ({ violation }) => violation,
  change: ({ changes }) => changes.join('; '),
  outcome: ({ status }) => status,
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
export const executionLine = (one: ExecutionSummary): string =>
  csvLine(Object.values(EXECUTION).map((column) => column(one)));

const ORDER: { readonly [column: string]: (one: CommandSummary) => Cell } = {
  at: ({ began }) => began,
  order: ({ command }) => command.kind,
  by: ({ command }) => command.by,
  identity: ({ command }) => command.identity,
  reason: ({ command }) => command.reason,
  control: ({ control }) => control,
  account: ({ target }) => target.account,
  region: ({ target }) => target.region,
  resource: ({ target }) => target.id,
  resources: ({ command }) => command.resources,
  'about execution': ({ command }) => command.execution,
  records: ({ records }) => records.map(({ key }) => key).join(' '),
};

/** The first line of `orders.csv`. */
export const ORDERS_HEAD = csvLine(Object.keys(ORDER));

/** One order. */
export const orderLine = (one: CommandSummary): string => csvLine(Object.values(ORDER).map((column) => column(one)));

/** The first line of `records.csv`. */
export const RECORDS_HEAD = csvLine(['key', 'sha256', 'execution']);

/** The records of one execution. */
export const recordLines = ({ execution, records }: ExecutionSummary): string =>
  records.map(({ key, sha256 }) => csvLine([key, sha256, execution])).join('');
