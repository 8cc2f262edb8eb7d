import { beforeEach } from 'vitest';
import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import type { Actor } from '../../lib/model/actor.ts';
import { HUB, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';
import { E, put, recordOf, seed, seedLock } from './seed.ts';

/** The states before and after the repair that the tests plan. */
export const before = { Rules: ['open', 'office'] };
export const desired = { Rules: ['low', 'high', 'office'] };

/** The resources of each test, and the plan of its execution. */
export const aws: { resources: LiveResources; plan: ReturnType<typeof recordOf> } = {
  resources: new LiveResources(),
  plan: recordOf(),
};

/** Runs Repair once. */
export const repair = () => hub.invoke('repair', { execution: E });

/** Runs Repair as the state machine does: retries errors, and comes back after waits. */
export async function machine(): Promise<string> {
  for (let tries = 0; tries < 6; tries++)
    try {
      const { next } = await repair();
      if (next !== 'wait') return next;
    } catch {}
  return 'escalate';
}

/** The record of the repair, or an empty object if there is none. */
export const closing = (): Partial<EvidenceRecord> => hub.records.find(({ phase }) => phase === 'repair') ?? {};

/** A user of the hub's account as CloudTrail names it. */
export const user = (name: string): Actor => ({ type: 'IAMUser', arn: `arn:aws:iam::${HUB}:user/${name}` });

/** The name of a user who approves the plan, or a decision as a test changes it. */
export type Decided = string | Partial<EvidenceRecord['decision']>;

/** Registers decisions on the plan. */
export function decide(...decisions: readonly Decided[]): void {
  const known = hub.row(`execution#${E}`);
  const sealed = decisions.map((decision, index) => {
    const over = typeof decision === 'string' ? { by: `user/${HUB}/${decision}` } : decision;
    const made = {
      verdict: 'approved',
      by: `user/${HUB}/alice`,
      identity: 'arn:aws:iam::111111111111:user/alice',
      reason: 'a test',
      plan: aws.plan.sha256,
      ...over,
    } as const;
    return recordOf({ n: 2 + index, phase: 'decision', decision: made, previous: 'f'.repeat(64) });
  });
  const records = [aws.plan, ...sealed].map(({ key, sha256, at }) => ({ key, sha256, at }));
  for (const { key, body } of sealed) hub.vault.set(key, body);
  put(`execution#${E}`, { ...known, records, body: [aws.plan, ...sealed].at(-1)?.body });
}

/** Starts every test with a planned repair of a resource in violation. */
export function useRepairScript(plan: () => ReturnType<typeof recordOf> = () => recordOf()): void {
  beforeEach(() => {
    aws.resources = new LiveResources();
    aws.resources.live = before;
    aws.plan = plan();
    hub.deploy(aws.resources.control());
    seed({}, aws.plan);
    seedLock();
  });
}
