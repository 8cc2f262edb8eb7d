import { z } from 'zod';
import { stoppedBy } from '../../lib/brakes.ts';
import { brakesOn } from '../shared/brakes.ts';
import { controlOf } from '../shared/catalogue.ts';
import { bodyOf, Refusal, type Request, reasonGiven } from '../shared/door.ts';
import { register, settings } from '../shared/environment.ts';
import type { Hint } from '../shared/hint.ts';
import { executionOf } from '../shared/identity.ts';
import { rollbackKey } from '../shared/keys.ts';
import { type Execution, getExecution } from '../shared/ledger.ts';
import { getLock } from '../shared/lock.ts';
import { startRemediation } from '../shared/machine.ts';
import { policyOf } from '../shared/policy.ts';
import { type RollbackOrder, rollbackOrderOf } from '../shared/rollback.ts';
import { put } from '../shared/table.ts';
import { repairRecord } from '../shared/vault.ts';
import type { Wish } from './wish.ts';

const asked = z.strictObject({
  reason: reasonGiven,
  holdDays: z.number().int().min(1, 'must be 1 to 90').max(90, 'must be 1 to 90').default(14),
});

/** Understands the wish to bring back what was before an execution repaired it. */
export async function wishRollback(request: Request): Promise<Wish> {
  const { holdDays } = bodyOf(request, asked);
  const of = request.pathParameters?.execution ?? '';
  const undone = await repaired(of);
  const last = await unlessOrdered(of);
  await unlessImpossible(undone);
  const hintOf = (order: string) => hint(undone, order);
  return {
    kind: 'rollback',
    about: undone,
    execution: of,
    rollback: { execution: of, holdDays },
    changes: ({ order, by, now }) => [
      put(
        rollbackKey(of),
        { order, execution: executionOf(hintOf(order)), by, at: now.toISOString() } satisfies RollbackOrder,
        last ? '#order = :last' : 'attribute_not_exists(pk)',
        last && { ':last': last.order },
        last && { '#order': 'order' },
      ),
    ],
    makes: (order) => executionOf(hintOf(order)),
    afterwards: ({ order }) => start(hintOf(order)),
    cannot: `Somebody else ordered a rollback of execution ${of} at the same moment.`,
  };
}

const hint = ({ control, target: { account, region, id } }: Execution, order: string): Hint => ({
  source: 'rollback',
  event: order,
  account,
  region,
  control,
  resource: id,
});
const start = (hint: Hint) => startRemediation(executionOf(hint), hint);

/** Starts what an order for a rollback asks for; a second start is harmless. */
export const beginRollback = (order: Execution): Promise<void> => start(hint(order, order.execution));

async function repaired(id: string): Promise<Execution> {
  const execution = await getExecution(id);
  if (!execution?.records) throw new Refusal(404, `There is no execution "${id}".`);
  const state = execution.conclusion?.outcome ?? execution.phase;
  if (execution.phase !== 'settled' || state !== 'repaired')
    throw new Refusal(409, `Execution ${id} is ${state}: it made no repair that could be rolled back.`);
  return execution;
}

async function unlessImpossible(undone: Execution): Promise<void> {
  const control = controlOf(undone.control);
  const { account } = undone.target;
  if (!control?.repair || policyOf(undone, settings, register).mode === 'observe')
    throw new Refusal(
      409,
      `${undone.control} repairs nothing in account ${account} now, and so has no rights to undo it.`,
    );
  if (!control.repair.reversible)
    throw new Refusal(409, `What ${undone.control} does cannot be undone: put it right by hand.`);
  const stopped = stoppedBy(await brakesOn(undone), Date.now(), undone.execution);
  if (stopped) throw new Refusal(409, `Nothing is changed now. ${stopped.reason}`);
  const lock = await getLock(undone);
  if (lock) throw new Refusal(409, `Execution ${lock.holder} is at work on it; ask again when it has ended.`);
  await repairRecord(undone).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'EvidenceConflict') throw new Refusal(409, error.message);
    throw error;
  });
}

/** What came to nothing may be ordered again; what was ordered and never began is started again. */
async function unlessOrdered(of: string): Promise<RollbackOrder | undefined> {
  const last = await rollbackOrderOf(of);
  if (!last) return undefined;
  const { execution, order, by, at } = last;
  const made = await getExecution(execution);
  if (made?.phase === 'settled' && made.conclusion?.outcome !== 'rolled back') return last;
  const ordered = made ? undefined : await getExecution(order);
  if (ordered) await beginRollback(ordered);
  const state = made?.conclusion?.outcome ?? made?.phase ?? 'begun';
  throw new Refusal(409, `${by} ordered its rollback at ${at} already: execution ${execution}, which is ${state}.`);
}
