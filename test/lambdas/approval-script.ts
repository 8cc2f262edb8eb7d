import { beforeEach } from 'vitest';
import type { SealedRecord } from '../../lib/evidence/record.ts';
import { hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { user } from './repair-script.ts';
import { E, recordOf, row, seed, seedLock } from './seed.ts';

/** The plan that waits for approval. */
export const waiting: { plan: SealedRecord } = { plan: recordOf() };

/** Puts an execution that waits for approval of a plan made some minutes ago. */
export function awaitApproval(minutesAgo = 0): void {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  waiting.plan = recordOf({ at, mode: 'approve', source: 'cloudtrail' });
  const admitted = { source: 'cloudtrail', actor: user('mallory') } as const;
  seed({ ...admitted, phase: 'awaiting-approval', openAs: 'approval', approvalToken: 'token' }, waiting.plan);
}

/** Starts every test with an execution that waits for approval. */
export function useApprovalScript(): void {
  beforeEach(() => {
    hub.deploy(new LiveResources().control());
    hub.account.modes = { rules: 'approve' };
    awaitApproval();
    seedLock();
  });
}

/** Sends a decision of a user on the plan, changed as a test needs it. */
export const say = (by: string, way: 'approval' | 'rejection' = 'approval', over: object = {}) =>
  hub.call('decide', `POST /executions/{execution}/${way}`, {
    path: { execution: E },
    body: { reason: 'a test', plan: waiting.plan.sha256 },
    user: by,
    ...over,
  });

/** The decisions in the vault, in order. */
export const decisions = () => hub.records.flatMap(({ decision }) => decision ?? []);

/** The number of registered records. */
export const registered = () => row().records?.length;
