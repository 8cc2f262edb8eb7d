import type { Question } from '../../lib/approval.ts';
import type { Actor } from '../../lib/evidence.ts';
import { namesLive } from '../../lib/register/spare.ts';
import { register, settings } from './environment.ts';
import { type Execution, getExecution } from './ledger.ts';
import { getLock } from './lock.ts';
import { decisionsOn, plannedRecord } from './vault.ts';

/** What decides whether an execution's plan is approved: its bytes and people's decisions from the vault, never from a caller. */
export async function questionOn(execution: Execution): Promise<Question> {
  const { record, sha256: plan } = await plannedRecord(execution);
  const { approvalHours, approvers, people } = settings;
  const { control, target } = execution;
  return {
    plan,
    approvers,
    people,
    actors: [...(await actorsOf(execution)), ...(await actorsUndone(execution))],
    exceptionOwners: register.exceptions
      .filter((exception) => namesLive(exception, control, target))
      .map(({ owner }) => owner),
    expires: Date.parse(record.at) + approvalHours * 3_600_000,
    decisions: await decisionsOn(execution),
  };
}

/** Everyone who is known to have changed the resource: before the execution began, and while it was under way. */
export async function actorsOf(execution: Execution): Promise<readonly Actor[]> {
  const known = [...((await getLock(execution))?.actors ?? [])].map((actor) => JSON.parse(actor) as Actor); // only the ledger writes them
  return known.length > 0 || !execution.actor ? known : [execution.actor];
}

const NOBODY_KNOWN: Actor = { type: 'Unknown' };

/** Who caused what a rollback brings back gains by it, and may not approve it either; where that is not known, two people must. */
async function actorsUndone({ rollback }: Execution): Promise<readonly Actor[]> {
  if (!rollback) return [];
  return [(await getExecution(rollback.execution))?.actor ?? NOBODY_KNOWN];
}
