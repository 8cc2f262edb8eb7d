import { matchesLive } from '../../lib/exceptions/matching.ts';
import type { ApprovalState } from '../../lib/governance/approval.ts';
import type { Actor } from '../../lib/model/actor.ts';
import { decisionsOn, plannedRecord } from '../evidence/vault.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import type { Execution } from '../store/execution.ts';
import { getExecution } from '../store/executions.ts';
import { getLock } from '../store/lock.ts';

/** Returns everything that decides whether a plan is approved. The plan and the decisions are read from the vault, never from a caller. */
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

/** Returns the identities that are known to have changed the resource before and during the execution. */
export async function actorsOf(execution: Execution): Promise<readonly Actor[]> {
  const { actor } = execution.admission;
  const known = [...((await getLock(execution))?.actors ?? [])].map((one) => JSON.parse(one) as Actor); // only lock.ts writes them
  return known.length > 0 || !actor ? known : [actor];
}

const UNKNOWN: Actor = { type: 'Unknown' };

/** Returns the actors of the change that a rollback restores. They may not approve it; if they are unknown, it needs two approvers. */
async function actorsUndone({ admission: { rollback } }: Execution): Promise<readonly Actor[]> {
  if (!rollback) return [];
  return [(await getExecution(rollback.execution))?.admission.actor ?? UNKNOWN];
}
