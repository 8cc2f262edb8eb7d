import type { Outcome } from '../../lib/evidence/record.ts';
import { effectiveModeOf } from '../decision/ownership.ts';
import { controlOf, severityOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import type { Conclusion, Execution } from '../store/executions.ts';
import { endGracePeriod } from '../store/grace-periods.ts';
import { transactOrThrow } from '../store/table.ts';

/** What ends the time that a repair waits for the owner: there is nothing to repair any more. */
const OVER: ReadonlySet<Outcome> = new Set(['repaired', 'compliant', 'gone', 'exempt']);

/** Tells the owner of a repair that waits for him, or forgets the time that it waited; a retry does so again, and harms nobody. */
export async function notifyOwner(execution: Execution, { outcome, gracePeriod }: Conclusion): Promise<void> {
  const { control: id, target } = execution;
  if (settings.accounts[target.account]?.gracePeriodDays[id] && OVER.has(outcome))
    await transactOrThrow([endGracePeriod(id, target)]);
  if (!gracePeriod) return;
  await publish('Evenkeel Grace Period', {
    version: '1',
    execution: execution.execution,
    control: id,
    severity: severityOf(id),
    target,
    owner: effectiveModeOf(execution, settings).owner.name,
    because: controlOf(id)?.repair?.gracePeriod?.because ?? 'The config lets the owner know before.',
    ...gracePeriod,
  });
}
