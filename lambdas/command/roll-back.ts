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
import type { Execution, Subject } from '../store/execution.ts';
import { getExecution } from '../store/executions.ts';
import { rollbackKey } from '../store/keys.ts';
import { getLock } from '../store/lock.ts';
import { safeguardsOn } from '../store/read-safeguards.ts';
import { type RollbackCommand, rollbackCommandOf } from '../store/rollback-commands.ts';
import { put } from '../store/table.ts';
import type { ParsedCommand } from './command.ts';

const body = z.strictObject({
  reason: callerReason,
  holdDays: z.number().int().min(1, 'must be 1 to 90').max(90, 'must be 1 to 90').default(14),
});

/** Parses a request to restore the state before a repair. */
export async function parseRollback(request: Request): Promise<ParsedCommand> {
  const { holdDays } = bodyOf(request, body);
  const of = request.pathParameters?.execution ?? '';
  const undone = await repaired(of);
  const last = await lastRequestOf(of);
  await assertPossible(undone);
  const triggerOf = (command: string) => triggerFor(undone, command);
  return {
    kind: 'rollback',
    about: undone,
    execution: of,
    rollback: { execution: of, holdDays },
    changes: ({ command, by, now }) => [
      put(
        rollbackKey(of),
        { command, execution: executionOf(triggerOf(command)), by, at: now.toISOString() } satisfies RollbackCommand,
        last ? '#command = :last' : 'attribute_not_exists(pk)',
        last && { ':last': last.command },
        last && { '#command': 'command' },
      ),
    ],
    startsExecution: (command) => executionOf(triggerOf(command)),
    after: ({ command }) => start(triggerOf(command)),
    conflict: { code: 'rollback-requested-meanwhile', execution: of },
  };
}

const triggerFor = ({ control, target: { account, region, id } }: Subject, command: string): Trigger => ({
  source: 'rollback',
  event: command,
  account,
  region,
  control,
  resource: id,
});
const start = (trigger: Trigger) => startRemediation(executionOf(trigger), trigger);

/** Starts the execution that a command to roll back requests. Starting it twice changes nothing. */
export const beginRollback = (command: Execution): Promise<void> => start(triggerFor(command, command.execution));

async function repaired(id: string): Promise<Execution> {
  const execution = await getExecution(id);
  if (!execution?.evidence.records) throw new HttpError(404, { code: 'unknown-execution', execution: id });
  const { phase, conclusion } = execution.progress;
  const state = conclusion?.outcome ?? phase;
  if (phase !== 'settled' || state !== 'repaired')
    throw new HttpError(409, { code: 'nothing-to-roll-back', execution: id, state });
  return execution;
}

async function assertPossible(undone: Execution): Promise<void> {
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

/** Returns the last request if its rollback was not made, so that it may be requested again. Starts a requested rollback that has not started. */
async function lastRequestOf(of: string): Promise<RollbackCommand | undefined> {
  const last = await rollbackCommandOf(of);
  if (!last) return undefined;
  const { execution, command, by, at } = last;
  const started = await getExecution(execution);
  const { phase, conclusion } = started?.progress ?? {};
  if (phase === 'settled' && conclusion?.outcome !== 'rolled-back') return last;
  const requested = started ? undefined : await getExecution(command);
  if (requested) await beginRollback(requested);
  const state = conclusion?.outcome ?? phase ?? 'begun';
  throw new HttpError(409, { code: 'rollback-requested', by, at, execution, state });
}
