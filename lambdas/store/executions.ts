import type { SealedRecord } from '../../lib/evidence/record.ts';
import { type Reason, reasonText } from '../../lib/text/reasons.ts';
import type { Execution, Phase, Progress, Subject } from './execution.ts';
import { fromRow, toRow } from './execution-row.ts';
import { executionKey } from './keys.ts';
import { type Item, put, read, transact, transactOrThrow, update, updateOne } from './table.ts';

const KEPT_SECONDS = 90 * 24 * 60 * 60;

/** The TTL of an execution that changed nothing, in epoch seconds. */
export const expiry = (now: number) => Math.floor(now / 1000) + KEPT_SECONDS;

/** Returns a new execution without records. */
export const newExecution = (
  execution: string,
  { control, target }: Subject,
  admission: Execution['admission'],
  phase: Phase,
): Execution => ({
  execution,
  control,
  target,
  admission,
  progress: { phase, replans: 0, attempts: 0, pendingSeen: 0 },
  evidence: { records: [] },
  waiting: {},
});

/** Reads an execution with a consistent read. */
export async function getExecution(execution: string): Promise<Execution | undefined> {
  const row = await read(executionKey(execution));
  return row && fromRow(row);
}

/** Records an event that Evenkeel ignores, with the reason. Recording it twice changes nothing. */
export async function recordIgnored(
  execution: string,
  because: readonly Reason[],
  event: object,
  now: number,
): Promise<void> {
  const dropped = reasonText(...because);
  const item = { execution, phase: 'settled', dropped, because, ...event, ttl: expiry(now) };
  await transact([put(executionKey(execution), item, 'attribute_not_exists(pk)')]);
}

/** Changes the progress of an execution, and registers a record and other items in the same write. Fails if another step changed the execution meanwhile. */
export async function transition(
  execution: Execution,
  change: Partial<Progress>,
  record?: SealedRecord,
  also: readonly Item[] = [],
): Promise<Execution> {
  const next = afterTransition(execution, change, record);
  const item = transitionItem(execution, next);
  await (also.length > 0 ? transactOrThrow([item, ...also]) : updateOne(item));
  return next;
}

/** Registers an operator command: an execution that is settled at once, with its only record and its changes. */
export const registerCommand = (
  execution: Execution,
  record: SealedRecord,
  changes: readonly Item[],
): Promise<void> => {
  const registered = afterTransition(execution, {}, record);
  return transactOrThrow([
    put(
      executionKey(execution.execution),
      toRow({ ...registered, waiting: { openAs: 'command' } }),
      'attribute_not_exists(pk)',
    ),
    ...changes,
  ]);
};

/** Removes a finished operator command from the index of open items. */
export const closeCommand = async ({ execution }: Execution): Promise<void> =>
  void (await updateOne(update(executionKey(execution), 'REMOVE openAs', 'attribute_exists(pk)')));

/** Returns the execution after a transition. */
export const afterTransition = (execution: Execution, change: Partial<Progress>, record?: SealedRecord): Execution => ({
  ...execution,
  progress: { ...execution.progress, ...change },
  evidence: record ? withRecord(execution, record) : execution.evidence,
  waiting: change.phase ? { ...execution.waiting, openAs: undefined } : execution.waiting,
});

const withRecord = ({ execution, evidence }: Execution, { body, ...entry }: SealedRecord): Execution['evidence'] => ({
  ...evidence,
  records: [...evidence.records, entry],
  body,
  undigested: execution,
});

/** The attributes that a transition may change. */
const CHANGEABLE = [
  'phase',
  'maxMode',
  'attempts',
  'replans',
  'first',
  'context',
  'changingSince',
  'restoring',
  'conclusion',
  'pendingSeen',
  'successor',
  'records',
  'body',
  'undigested',
  'openAs',
] as const;

/** Returns the write of a transition. It fails if another step changed the execution meanwhile. */
export function transitionItem(before: Execution, after: Execution) {
  const [from, to] = [toRow(before), toRow(after)];
  // A digest may have been made since `before` was read. The next digest must see a new record in any case.
  const always = to.records === from.records ? ['phase'] : ['phase', 'undigested'];
  const changed = CHANGEABLE.filter((name) => always.includes(name) || to[name] !== from[name]);
  const set = changed.filter((name) => to[name] !== undefined);
  const removed = changed.filter((name) => to[name] === undefined);
  return update(
    executionKey(before.execution),
    [
      `SET ${set.map((name) => `#${name} = :${name}`).join(', ')}`,
      ...(removed.length > 0 ? [`REMOVE ${removed.map((name) => `#${name}`).join(', ')}`] : []),
    ].join(' '),
    '#phase = :from AND size(records) = :count',
    {
      ':from': from.phase,
      ':count': from.records.length,
      ...Object.fromEntries(set.map((name) => [`:${name}`, to[name]])),
    },
    Object.fromEntries(changed.map((name) => [`#${name}`, name])), // some of the names are reserved words of DynamoDB
  );
}

/** Starts an attempt to repair, and returns the execution; undefined if its phase is none of the given ones. */
export async function beginRepair(execution: string, phases: readonly Phase[]): Promise<Execution | undefined> {
  const from = Object.fromEntries(phases.map((phase, index) => [`:from${index}`, phase]));
  try {
    const row = await updateOne(
      update(
        executionKey(execution),
        'SET phase = :repairing REMOVE openAs ADD attempts :one',
        `phase IN (${Object.keys(from).join(', ')})`,
        { ':repairing': 'repairing', ':one': 1, ...from },
      ),
    );
    return row && fromRow(row);
  } catch (error) {
    if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return undefined;
    throw error;
  }
}
