import type { Outcome } from '../../lib/evidence.ts';
import { publish } from '../shared/bus.ts';
import { controlOf, severityOf } from '../shared/catalogue.ts';
import { settings } from '../shared/environment.ts';
import { endGrace } from '../shared/graces.ts';
import type { Conclusion, Execution } from '../shared/ledger.ts';
import { standingOf } from '../shared/standing.ts';
import { transactOrThrow } from '../shared/table.ts';

/** What ends the time that a repair waits for the owner: there is nothing to repair any more. */
const OVER: ReadonlySet<Outcome> = new Set(['repaired', 'compliant', 'gone', 'spared']);

/** Tells the owner of a repair that waits for him, or forgets the time that it waited; a retry does so again, and harms nobody. */
export async function tellOwner(execution: Execution, { outcome, grace }: Conclusion): Promise<void> {
  const { control: id, target } = execution;
  if (settings.accounts[target.account]?.graceDays[id] && OVER.has(outcome))
    await transactOrThrow([endGrace(id, target)]);
  if (!grace) return;
  await publish('Evenkeel Grace', {
    version: '1',
    execution: execution.execution,
    control: id,
    severity: severityOf(id),
    target,
    owner: standingOf(execution, settings).owner.name,
    because: controlOf(id)?.repair?.grace?.because ?? 'The config lets the owner know before.',
    ...grace,
  });
}
