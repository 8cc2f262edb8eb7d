import { matchesLive } from '../../lib/exceptions/matching.ts';
import type { ApprovalState } from '../../lib/governance/approval.ts';
import type { Actor } from '../../lib/model/actor.ts';
import { decisionsOn, plannedRecord } from '../evidence/vault.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { type Execution, getExecution } from '../store/executions.ts';
import { getLock } from '../store/lock.ts';

/** What decides whether an execution's plan is approved: its bytes and people's decisions from the vault, never from a caller. */
export async function approvalStateOf(execution: Execution): Promise<ApprovalState> {
  const { record, sha256: plan } = await plannedRecord(execution);
  const { approvalHours, approvers, identities } = settings;
  const { control, target } = execution;
  return {
    plan,
    approvers,
    identities,
    actors: [...(await actorsOf(execution)), ...(await actorsUndone(execution))],
    exceptionOwners: publishedExceptions.exceptions
      .filter((exception) => matchesLive(exception, control, target))
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
