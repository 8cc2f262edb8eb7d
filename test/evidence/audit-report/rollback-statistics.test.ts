import { describe, expect, it } from 'vitest';
import { manualAction } from '../../../lib/evidence/audit-report/counts.ts';
import { summaryOf } from '../../../lib/evidence/audit-report/execution-summary.ts';
import { executionsIn } from '../../../lib/evidence/audit-report/read-executions.ts';
import { Statistics } from '../../../lib/evidence/audit-report/statistics.ts';
import type { Outcome } from '../../../lib/evidence/record.ts';
import { executionOf, MemoryVault } from './vault.ts';

const rollback = { execution: 'undone', holdDays: 14 };
const violation = { violation: 'It is open.' };
const july = { from: '2026-07-01', to: '2026-07-31' };

/** The statistics of one repair and of its rollback with an outcome. */
async function summarized(outcome: Outcome) {
  const vault = new MemoryVault();
  const closing = outcome === 'rolled-back' ? { phase: 'repair', verdict: violation } : { phase: 'outcome' };
  vault.add('x', [
    ...executionOf(
      'undone',
      { phase: 'plan', at: '2026-07-02T10:00:00.000Z', verdict: violation },
      { phase: 'repair', at: '2026-07-02T10:00:01.000Z', verdict: 'compliant', outcome: 'repaired' },
    ),
    ...executionOf(
      'rollback',
      { phase: 'plan', at: '2026-07-03T10:00:00.000Z', verdict: violation, rollback },
      { ...(closing as { phase: 'repair' | 'outcome' }), at: '2026-07-03T11:00:00.000Z', outcome, rollback },
    ),
  ]);
  const statistics = new Statistics();
  for await (const records of executionsIn(vault, july, () => undefined)) statistics.add(summaryOf(records));
  return { statistics, counts: statistics.of(['s3-block-public-access']) };
}

describe('a rollback in the statistics', () => {
  it('leaves its resource in violation and counts as manual action', async () => {
    const { statistics, counts } = await summarized('rolled-back');
    expect([counts.violations, counts.statuses['rolled-back'], counts.openAtEnd]).toEqual([2, 1, 1]);
    expect(manualAction(counts)).toBe(1);
    expect(statistics.violationsAtEnd(false).kept).toMatchObject([
      { execution: 'rollback', rollback, violation: 'It is open.' },
    ]);
  });

  it.each(['rejected', 'escalated', 'held'] as const)(
    'that was %s does not count, because its plan has the verdict on the state to restore',
    async (outcome) => {
      const { statistics, counts } = await summarized(outcome);
      expect([counts.executions, counts.violations, counts.openAtEnd]).toEqual([1, 1, 0]);
      expect(statistics.violationsAtEnd(false).kept).toEqual([]);
    },
  );
});
