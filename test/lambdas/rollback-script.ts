import type { EvidenceRecord } from '../../lib/evidence/record.ts';
import { explain } from '../../lib/text/reasons.ts';
import { hub } from './hub.ts';
import { recordOf, seed, UNDONE } from './seed.ts';

/** The states before and after the repair that a test rolls back. */
export const before = { Rules: ['open'] };
export const after = { Rules: ['low', 'high'] };

/** The record of that repair. */
export const repairOf = (over: Partial<EvidenceRecord> = {}) =>
  recordOf({
    execution: UNDONE,
    n: 2,
    phase: 'repair',
    at: '2026-11-21T12:00:00.000Z',
    before,
    after,
    outcome: 'repaired',
    previous: 'f'.repeat(64),
    ...over,
  });

/** Puts an execution that repaired the resource. */
export const repaired = () =>
  seed(
    {
      execution: UNDONE,
      phase: 'settled',
      attempts: 1,
      conclusion: { outcome: 'repaired', ...explain({ code: 'repaired' }) },
    },
    repairOf(),
  );

/** Requests the rollback of that execution. */
export const request = (body: object = {}, user?: string) =>
  hub.call('command', 'POST /executions/{execution}/rollback', {
    path: { execution: UNDONE },
    body: { reason: 'it broke the shop', ...body },
    user,
  });
