import type { ExecutionRow } from '../../lambdas/store/execution-row.ts';
import { type EvidenceRecord, type SealedRecord, seal } from '../../lib/evidence/record.ts';
import { hub, target } from './hub.ts';

/** The id of the execution of most tests. */
export const E = 'b7e0c1f2-0000-8000-8000-00000000000e';
/** The id of an execution whose repair a test rolls back. */
export const UNDONE = 'b7e0c1f2-0000-8000-8000-0000000000ff';

/** A sealed record of the execution; a plan to close the open rule, unless a test changes it. */
export function recordOf(over: Partial<EvidenceRecord> = {}): SealedRecord {
  return seal({
    schema: 'evenkeel.evidence/v1',
    execution: E,
    n: 1,
    phase: 'plan',
    at: new Date().toISOString(),
    control: 'rules',
    commit: 'c',
    target,
    owner: { name: 'payments-team', from: 'config account' },
    mode: 'auto',
    source: 'config',
    event: 'v',
    before: { Rules: ['open', 'office'] },
    desired: { Rules: ['low', 'high', 'office'] },
    verdict: { violation: 'A rule is open.' },
    previous: null,
    ...over,
  });
}

/** Puts an execution with its records into the table and the vault, and gives it the lock of its resource. */
export function seed(over: Partial<ExecutionRow> = {}, ...sealed: readonly SealedRecord[]): void {
  const row: ExecutionRow = {
    execution: E,
    machine: 'm',
    phase: 'planned',
    admittedAt: new Date().toISOString(),
    control: 'rules',
    target,
    source: 'config',
    event: 'v',
    records: sealed.map(({ key, sha256, at }) => ({ key, sha256, at })),
    body: sealed.at(-1)?.body,
    replans: 0,
    attempts: 0,
    pendingSeen: 0,
    ...over,
  };
  hub.table.rows.set(`execution#${row.execution}`, { pk: `execution#${row.execution}`, ...row });
  for (const { key, body } of sealed) hub.vault.set(key, body);
}

/** Gives the execution the lock of its resource. */
export function seedLock(over: object = {}): void {
  put(LOCK, { holder: E, leaseUntil: Date.now() + 3_600_000, pending: 0, ...over });
}

/** Puts an item into the table. */
export function put(pk: string, item: object): void {
  hub.table.rows.set(pk, { pk, ...item });
}

/** Changes the execution's item, as another function would. */
export function patchRow(over: Partial<ExecutionRow>, id = E): void {
  put(`execution#${id}`, { ...hub.row(`execution#${id}`), ...over });
}

/** The execution as it is in the table. */
export const row = (id = E): Partial<ExecutionRow> => (hub.row(`execution#${id}`) ?? {}) as Partial<ExecutionRow>; // as it was put

const resource = `rules#${target.account}#${target.region}#${target.id}`;
export const LOCK = `lock#${resource}`;
export const HOLD = `hold#${resource}`;
export const HISTORY = `history#${resource}`;
export const GRACE_PERIOD = `grace-period#${resource}`;
export const BREAKER = `circuit-breaker#${target.account}`;
