import { z } from 'zod';
import { stopReason } from '../../lib/governance/safeguards.ts';
import { policyOf } from '../decision/effective-policy.ts';
import { executionOf } from '../events/stable-id.ts';
import type { Trigger } from '../events/trigger.ts';
import { EvidenceConflict, repairRecord } from '../evidence/vault.ts';
import { bodyOf, callerReason, HttpError, type Request } from '../runtime/api-handler.ts';
import { controlOf } from '../runtime/catalog.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { type Execution, getExecution } from '../store/executions.ts';
import { safeguardsOn } from '../store/holds.ts';
import { rollbackKey } from '../store/keys.ts';
import { getLock } from '../store/lock.ts';
import { type RollbackCommand, rollbackCommandOf } from '../store/rollback-commands.ts';
import { put } from '../store/table.ts';
import type { ParsedCommand } from './command.ts';

const asked = z.strictObject({
  reason: callerReason,
  holdDays: z.number().int().min(1, 'must be 1 to 90').max(90, 'must be 1 to 90').default(14),
});

/** Understands the wish to bring back what was before an execution repaired it. */
export async function parseRollback(request: Request): Promise<ParsedCommand> {
  const { holdDays } = bodyOf(request, asked);
  const of = request.pathParameters?.execution ?? '';
  const undone = await repaired(of);
  const last = await unlessOrdered(of);
  await unlessImpossible(undone);
  const hintOf = (order: string) => trigger(undone, order);
  return {
    kind: 'rollback',
    about: undone,
    execution: of,
    rollback: { execution: of, holdDays },
    changes: ({ command, by, now }) => [
      put(
        rollbackKey(of),
        { command, execution: executionOf(hintOf(command)), by, at: now.toISOString() } satisfies RollbackCommand,
        last ? '#order = :last' : 'attribute_not_exists(pk)',
        last && { ':last': last.command },
        last && { '#order': 'command' },
      ),
    ],
    startsExecution: (order) => executionOf(hintOf(order)),
    after: ({ command }) => start(hintOf(command)),
    conflict: { code: 'rollback-requested-meanwhile', execution: of },
  };
}

const trigger = ({ control, target: { account, region, id } }: Execution, order: string): Trigger => ({
  source: 'rollback',
  event: order,
  account,
  region,
  control,
  resource: id,
});
const start = (trigger: Trigger) => startRemediation(executionOf(trigger), trigger);

/** Starts what an order for a rollback asks for; a second start is harmless. */
export const beginRollback = (order: Execution): Promise<void> => start(trigger(order, order.execution));

async function repaired(id: string): Promise<Execution> {
  const execution = await getExecution(id);
  if (!execution?.records) throw new HttpError(404, { code: 'unknown-execution', execution: id });
  const state = execution.conclusion?.outcome ?? execution.phase;
  if (execution.phase !== 'settled' || state !== 'repaired')
    throw new HttpError(409, { code: 'nothing-to-roll-back', execution: id, state });
  return execution;
}

async function unlessImpossible(undone: Execution): Promise<void> {
  const control = controlOf(undone.control);
  const { account } = undone.target;
  if (!control?.repair || policyOf(undone, settings, publishedExceptions).mode === 'observe')
    throw new HttpError(409, { code: 'no-repair-rights', control: undone.control, account });
  if (!control.repair.reversible) throw new HttpError(409, { code: 'irreversible', control: undone.control });
  const stopped = stopReason(await safeguardsOn(undone), Date.now(), undone.execution);
  if (stopped) throw new HttpError(409, { code: 'rollback-stopped' }, ...stopped.because);
  const lock = await getLock(undone);
  if (lock) throw new HttpError(409, { code: 'locked', execution: lock.holder });
  await repairRecord(undone).catch((error: unknown) => {
    if (error instanceof EvidenceConflict) throw new HttpError(409, error.because);
    throw error;
  });
}

/** What came to nothing may be ordered again; what was ordered and never began is started again. */
async function unlessOrdered(of: string): Promise<RollbackCommand | undefined> {
  const last = await rollbackCommandOf(of);
  if (!last) return undefined;
  const { execution, command, by, at } = last;
  const made = await getExecution(execution);
  if (made?.phase === 'settled' && made.conclusion?.outcome !== 'rolled-back') return last;
  const ordered = made ? undefined : await getExecution(command);
  if (ordered) await beginRollback(ordered);
  const state = made?.conclusion?.outcome ?? made?.phase ?? 'begun';
  throw new HttpError(409, { code: 'rollback-requested', by, at, execution, state });
}
