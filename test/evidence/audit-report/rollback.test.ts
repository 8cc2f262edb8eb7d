import { describe, expect, it } from 'vitest';
import { summaryOf } from '../../../lib/evidence/audit-report/execution-summary.ts';
import { executionsIn } from '../../../lib/evidence/audit-report/read-executions.ts';
import { escalatedOrRejected } from '../../../lib/evidence/audit-report/report-facts.ts';
import { Statistics } from '../../../lib/evidence/audit-report/statistics.ts';
import type { Outcome } from '../../../lib/evidence/record.ts';
import { executionOf, MemoryVault } from './vault.ts';

const rollback = { execution: 'undone', holdDays: 14 };
const violation = { violation: 'It is open.' };
const july = { from: '2026-07-01', to: '2026-07-31' };

/** The tally of one repair, and of a rollback of it that ended so. */
async function tallied(outcome: Outcome) {
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
  const tally = new Statistics();
  for await (const records of executionsIn(vault, july, () => undefined)) tally.add(summaryOf(records));
  return { tally, counts: tally.of(['s3-block-public-access']) };
}

describe('a rollback in a package', () => {
  it('that was made leaves its resource in violation, by the word of people', async () => {
    const { tally, counts } = await tallied('rolled-back');
    expect([counts.violations, counts.statuses['rolled-back'], counts.open]).toEqual([2, 1, 1]);
    expect(escalatedOrRejected(counts)).toBe(1);
    expect(tally.left(false).kept).toMatchObject([{ execution: 'rollback', rollback, violation: 'It is open.' }]);
  });

  it.each(['rejected', 'escalated', 'held'] as const)(
    'that was %s says nothing of its resource, whose plan tells only what would be wrong',
    async (outcome) => {
      const { tally, counts } = await tallied(outcome);
      expect([counts.executions, counts.violations, counts.open]).toEqual([1, 1, 0]);
      expect(tally.left(false).kept).toEqual([]);
    },
  );
});
