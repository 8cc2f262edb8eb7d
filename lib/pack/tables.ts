import { actorName, type Case, type Ordered, type Standing, secondsOf } from './case.ts';
import { median, sumOf, worst } from './counts.ts';
import { type Cell, csvLine } from './csv.ts';
import { blind, type RequirementLine, settledOtherwise } from './report.ts';

const SUMMARY: { readonly [column: string]: (line: RequirementLine) => Cell } = {
  framework: ({ framework }) => framework,
  requirement: ({ requirement }) => requirement,
  controls: ({ controls }) => controls.join(' '),
  executions: ({ counts }) => counts.executions,
  'in order': ({ counts }) => counts.inOrder,
  'could not look': ({ counts }) => blind(counts),
  violations: ({ counts }) => counts.violations,
  repaired: standing('repaired'),
  'spared by exception': standing('spared'),
  'spared by leave of': ({ counts }) => [...counts.leave].sort().join('; '),
  escalated: standing('escalated'),
  held: standing('held'),
  rejected: standing('rejected'),
  'rolled back': standing('rolled back'),
  observed: standing('observed'),
  'settled otherwise': ({ counts }) => settledOtherwise(counts),
  'not ended': standing('not ended'),
  'open at the end': ({ counts }) => counts.open,
  'spared at the end': ({ counts }) => counts.spared,
  approvals: ({ counts }) => sumOf(counts.approved),
  'approved by': ({ counts }) => [...counts.approved.keys()].sort().join('; '),
  rejections: ({ counts }) => sumOf(counts.rejected),
  'rejected by': ({ counts }) => [...counts.rejected.keys()].sort().join('; '),
  'median seconds to repair': ({ counts }) => median(counts.seconds),
  'longest seconds to repair': ({ counts }) => worst(counts.seconds),
};

function standing(name: Standing): (line: RequirementLine) => number {
  return ({ counts }) => counts.standings[name] ?? 0;
}

/** The first line of `summary.csv`. */
export const SUMMARY_HEAD = csvLine(Object.keys(SUMMARY));

/** One requirement. */
export const summaryLine = (line: RequirementLine): string =>
  csvLine(Object.values(SUMMARY).map((column) => column(line)));

const EXECUTION: { readonly [column: string]: (one: Case) => Cell } = {
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
  stack: ({ declared }) => declared?.stack,
  'logical id': ({ declared }) => declared?.logicalId,
  'template repository': ({ declared }) => declared?.repository,
  'template commit': ({ declared }) => declared?.commit,
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

const ORDER: { readonly [column: string]: (one: Ordered) => Cell } = {
  at: ({ began }) => began,
  order: ({ order }) => order.kind,
  by: ({ order }) => order.by,
  identity: ({ order }) => order.identity,
  reason: ({ order }) => order.reason,
  control: ({ control }) => control,
  account: ({ target }) => target.account,
  region: ({ target }) => target.region,
  resource: ({ target }) => target.id,
  resources: ({ order }) => order.resources,
  'about execution': ({ order }) => order.execution,
  records: ({ records }) => records.map(({ key }) => key).join(' '),
};

/** The first line of `orders.csv`. */
export const ORDERS_HEAD = csvLine(Object.keys(ORDER));

/** One order. */
export const orderLine = (one: Ordered): string => csvLine(Object.values(ORDER).map((column) => column(one)));

/** The first line of `records.csv`. */
export const RECORDS_HEAD = csvLine(['key', 'sha256', 'execution']);

/** The records of one execution. */
export const recordLines = ({ execution, records }: Case): string =>
  records.map(({ key, sha256 }) => csvLine([key, sha256, execution])).join('');
