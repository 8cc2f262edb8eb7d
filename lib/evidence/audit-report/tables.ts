import { maximum, median, notEvaluated, resolvedOtherwise, sumOf } from './counts.ts';
import { type Cell, csvLine } from './csv.ts';
import { actorName, type CommandSummary, type ExecutionSummary, type Status, secondsOf } from './execution-summary.ts';
import type { RequirementRow } from './report-facts.ts';

const SUMMARY: { readonly [column: string]: (row: RequirementRow) => Cell } = {
  framework: ({ framework }) => framework,
  requirement: ({ requirement }) => requirement,
  controls: ({ controls }) => controls.join(' '),
  executions: ({ counts }) => counts.executions,
  'no violation': ({ counts }) => counts.noViolation,
  'not evaluated': ({ counts }) => notEvaluated(counts),
  violations: ({ counts }) => counts.violations,
  repaired: statusCount('repaired'),
  exempt: statusCount('exempt'),
  'exceptions approved by': ({ counts }) => [...counts.exceptionApprovers].sort().join('; '),
  escalated: statusCount('escalated'),
  held: statusCount('held'),
  rejected: statusCount('rejected'),
  'rolled back': statusCount('rolled-back'),
  observed: statusCount('observed'),
  'resolved otherwise': ({ counts }) => resolvedOtherwise(counts),
  'in progress': statusCount('in-progress'),
  'open at end': ({ counts }) => counts.openAtEnd,
  'exempt at end': ({ counts }) => counts.exemptAtEnd,
  approvals: ({ counts }) => sumOf(counts.approved),
  'approved by': ({ counts }) => [...counts.approved.keys()].sort().join('; '),
  rejections: ({ counts }) => sumOf(counts.rejected),
  'rejected by': ({ counts }) => [...counts.rejected.keys()].sort().join('; '),
  'median seconds to repair': ({ counts }) => median(counts.seconds),
  'longest seconds to repair': ({ counts }) => maximum(counts.seconds),
};

function statusCount(status: Status): (row: RequirementRow) => number {
  return ({ counts }) => counts.statuses[status] ?? 0;
}

/** The first line of `summary.csv`. */
export const SUMMARY_HEAD = csvLine(Object.keys(SUMMARY));

/** The line of a requirement. */
export const summaryLine = (row: RequirementRow): string =>
  csvLine(Object.values(SUMMARY).map((column) => column(row)));

const EXECUTIONS: { readonly [column: string]: (one: ExecutionSummary) => Cell } = {
  execution: ({ execution }) => execution,
  control: ({ control }) => control,
  'deployed from commit': ({ commit }) => commit,
  account: ({ target }) => target.account,
  region: ({ target }) => target.region,
  resource: ({ target }) => target.id,
  owner: ({ owner }) => owner,
  'rollback of': ({ rollback }) => rollback?.execution,
  'changed by': ({ actor }) => actorName(actor),
  origin: ({ origin }) => origin,
  stack: ({ templateSource }) => templateSource?.stack,
  'logical id': ({ templateSource }) => templateSource?.logicalId,
  'template repository': ({ templateSource }) => templateSource?.repository,
  'template commit': ({ templateSource }) => templateSource?.commit,
  mode: ({ mode }) => mode,
  'detected by': ({ source }) => source,
  started: ({ startedAt }) => startedAt,
  ended: ({ endedAt }) => endedAt,
  seconds: secondsOf,
  violation: ({ violation }) => violation,
  changes: ({ changes }) => changes.join('; '),
  outcome: ({ status }) => status,
  reason: ({ reason }) => reason,
  exception: ({ exception }) => exception?.id,
  'exception approved by': ({ exception }) => exception?.approver,
  ticket: ({ exception }) => exception?.ticket,
  decisions: ({ decisions }) =>
    decisions.map(({ at, verdict, by, reason }) => `${verdict} by ${by} at ${at}: ${reason}`).join('; '),
  records: ({ records }) => records.map(({ key }) => key).join(' '),
};

/** The first line of `executions.csv`. */
export const EXECUTIONS_HEAD = csvLine(Object.keys(EXECUTIONS));

/** The line of an execution. */
export const executionLine = (one: ExecutionSummary): string =>
  csvLine(Object.values(EXECUTIONS).map((column) => column(one)));

const COMMANDS: { readonly [column: string]: (one: CommandSummary) => Cell } = {
  at: ({ startedAt }) => startedAt,
  command: ({ command }) => command.kind,
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

/** The first line of `commands.csv`. */
export const COMMANDS_HEAD = csvLine(Object.keys(COMMANDS));

/** The line of an operator command. */
export const commandLine = (one: CommandSummary): string =>
  csvLine(Object.values(COMMANDS).map((column) => column(one)));

/** The first line of `records.csv`. */
export const RECORDS_HEAD = csvLine(['key', 'sha256', 'execution']);

/** The lines of an execution's records. */
export const recordLines = ({ execution, records }: ExecutionSummary): string =>
  records.map(({ key, sha256 }) => csvLine([key, sha256, execution])).join('');
