import type { ApprovalRequest } from '../lib/outcome.ts';
import { publish } from './shared/bus.ts';
import { settings } from './shared/environment.ts';
import { getExecution, requestApproval } from './shared/ledger.ts';
import { DONE, type Step, step } from './shared/step.ts';
import { plannedRecord } from './shared/vault.ts';

/** What the machine hands to Approve: the token only wakes it; who approved is not for the token's holder to say. */
export interface Request {
  readonly execution: string;
  readonly token: string;
}

/** Asks people about a plan, and leaves the machine waiting for them; when nobody answers it escalates. */
async function approve({ execution: id, token }: Request): Promise<Step> {
  const execution = await getExecution(id);
  if (!execution) throw new Error(`There is no execution "${id}"; nothing is asked.`);
  const plan = await plannedRecord(execution);
  const expires = new Date(Date.now() + settings.approvalHours * 3_600_000);
  await requestApproval(execution, token, expires.getTime());
  const detail: ApprovalRequest = {
    version: '1',
    execution: id,
    control: execution.control,
    target: execution.target,
    owner: plan.owner.name,
    actor: execution.actor,
    patch: plan.patch ?? [],
    expires: expires.toISOString(),
  };
  await publish('Evenkeel Approval Request', detail);
  return DONE;
}

/** Lambda's entry. */
export const handler = step('approve', approve);
