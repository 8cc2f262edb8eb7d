import { configuredParametersAt } from '../../lib/config/control-parameters.ts';
import { lowerMode } from '../../lib/config/modes.ts';
import { maxModeByTags } from '../../lib/config/tags.ts';
import { exemptsLive } from '../../lib/exceptions/matching.ts';
import { type Forecast, predictOutcome } from '../../lib/governance/forecast.ts';
import { gracePeriodAt } from '../../lib/governance/grace-period.ts';
import type { Control, State, Target } from '../../lib/model/control.ts';
import { patch } from '../../lib/model/patch.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import { arnOf, UNREAD } from '../decision/context.ts';
import { withoutSecrets } from '../decision/live-state.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { tagsOf } from '../runtime/resource-tags.ts';
import type { Session } from '../runtime/sessions.ts';
import { getGracePeriod } from '../store/grace-periods.ts';
import { getLock } from '../store/lock.ts';
import { safeguardsOn } from '../store/read-safeguards.ts';

/** Predicts the outcome of a resource's state, with the exact patch; undefined where it is compliant. It only reads. */
export async function forecastOf(
  control: Control,
  target: Target,
  read: State,
  session: Session,
  backlog: readonly Reason[] | undefined,
): Promise<Forecast | undefined> {
  const live = await withoutSecrets(control, read);
  const now = new Date();
  const parameters = configuredParametersAt(settings, control, target);
  const verdict = control.check(live, parameters, now);
  if (verdict === 'compliant') return undefined;
  const desired = control.repair?.desired(live, parameters, now);
  const operations = desired && patch(live, desired);
  const subject = { control: control.id, target };
  const [maxMode, safeguards, lock, period] = await Promise.all([
    maxModeOn(control, target, session),
    safeguardsOn(subject),
    getLock(subject),
    getGracePeriod(control.id, target),
  ]);
  const governed = settings.accounts[target.account];
  const mode = lowerMode(governed?.modes[control.id] ?? 'observe', maxMode);
  const days = governed?.gracePeriodDays[control.id];
  const gracePeriod = days && operations ? gracePeriodAt(period, days, operations, now)?.period : undefined;
  const exception = exemptsLive(publishedExceptions.exceptions, control.id, target, now);
  const input = {
    repairs: desired !== undefined,
    mode,
    exception,
    safeguards,
    holder: lock?.holder,
    backlog,
    gracePeriod,
  };
  return {
    id: target.id,
    violation: verdict.violation,
    before: live,
    patch: operations,
    mode,
    ...predictOutcome(input, now.getTime()),
  };
}

/** The maximum mode that the resource's tag sets. */
async function maxModeOn(control: Control, target: Target, { client }: Session) {
  const arn = arnOf(control, target);
  if (arn === undefined) return undefined;
  const tags = await tagsOf(client, [arn]);
  return (tags === 'denied' ? UNREAD : maxModeByTags(tags.get(arn))).maxMode;
}
