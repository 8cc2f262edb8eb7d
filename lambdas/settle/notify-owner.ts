import type { Outcome } from '../../lib/evidence/record.ts';
import { effectiveModeOf } from '../../lib/governance/effective-mode.ts';
import { reasonText } from '../../lib/text/reasons.ts';
import { controlOf, severityOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { publish } from '../runtime/publish-event.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { endGracePeriod } from '../store/grace-periods.ts';
import { transactOrThrow } from '../store/table.ts';

/** The outcomes that end a grace period, because there is nothing left to repair. */
const OVER: ReadonlySet<Outcome> = new Set(['repaired', 'compliant', 'gone', 'exempt']);

/** Notifies the owner of a repair in its grace period, or ends the grace period. A retry repeats this without harm. */
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
    owner: effectiveModeOf(settings, execution, execution.progress).owner.name,
    reason: controlOf(id)?.repair?.gracePeriod?.because ?? reasonText({ code: 'configured-grace-period' }),
    ...gracePeriod,
  });
}
