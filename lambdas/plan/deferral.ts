import { gracePeriodAt } from '../../lib/governance/grace-period.ts';
import { currentRollout, rolloutSettingsOf } from '../../lib/governance/rollout.ts';
import type { Control, LastUse, State } from '../../lib/model/control.ts';
import type { Patch } from '../../lib/model/patch.ts';
import { stateHash } from '../../lib/model/state.ts';
import { explain } from '../../lib/text/reasons.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { addToBacklog } from '../store/backlog-items.ts';
import type { Conclusion, Execution } from '../store/execution.ts';
import { getGracePeriod, putGracePeriod } from '../store/grace-periods.ts';
import { getLock, type Lock } from '../store/lock.ts';
import { changeRollout } from '../store/rollouts.ts';
import type { Item } from '../store/table.ts';

/** The conclusion of an execution whose repair must wait, and the table items that belong to it. */
export interface Deferral {
  readonly conclusion: Conclusion;
  readonly also: readonly Item[];
}

/** The planned repair. */
interface Planned {
  readonly violation: string;
  readonly patch: Patch;
  readonly lastUse?: readonly LastUse[];
}

/** Returns why a repair must wait: it was just rejected, belongs to a backlog, or is in its grace period. */
export async function deferralOf(
  execution: Execution,
  before: State,
  planned: Planned,
  now: Date,
): Promise<Deferral | undefined> {
  // A successor handles the events that arrived while its predecessor ran.
  const lock = execution.admission.source === 'coalesced' ? await getLock(execution) : undefined;
  return (
    justRejected(lock, before) ??
    (await waitInBacklog(execution, lock, planned, now)) ??
    (await waitForGracePeriod(execution, planned, now))
  );
}

function justRejected(lock: Lock | undefined, before: State): Deferral | undefined {
  if (lock?.leaves === undefined || lock.leaves !== stateHash(before)) return undefined;
  return { conclusion: { outcome: 'held', ...explain({ code: 'just-rejected' }) }, also: [] };
}

/** A recent change is repaired without a further call. Other violations may have existed before the control was enforced. */
async function waitInBacklog(
  execution: Execution,
  lock: Lock | undefined,
  { violation, patch }: Planned,
  now: Date,
): Promise<Deferral | undefined> {
  if (isFresh(execution, lock)) return undefined;
  const { control: id, target } = execution;
  const control = controlOf(id) as Control; // the policy was looked up by it
  const { account, region } = target;
  const current = rolloutSettingsOf(settings, control, account);
  const rollout = await changeRollout(id, account, (known) => currentRollout(known, current, region, now));
  if (!rollout || rollout.released) return undefined;
  const explanation = explain(
    { code: 'backlog', since: rollout.since },
    ...rollout.because,
    { code: 'review-backlog', control: id, account },
    { code: 'release-backlog', control: id, account },
  );
  return {
    conclusion: { outcome: 'held', ...explanation },
    also: [addToBacklog({ control: id, target, execution: execution.execution, violation, patch })],
  };
}

function isFresh({ admission: { source, actor } }: Execution, lock: Lock | undefined): boolean {
  if (source === 'cloudtrail') return actor !== undefined;
  if (source === 'coalesced') return (lock?.actors?.size ?? 0) > 0;
  return source !== 'config' && source !== 'security-hub' && source !== 'sweep';
}

async function waitForGracePeriod(
  { control, target }: Execution,
  planned: Planned,
  now: Date,
): Promise<Deferral | undefined> {
  const days = settings.accounts[target.account]?.gracePeriodDays[control];
  if (!days) return undefined;
  const current = gracePeriodAt(await getGracePeriod(control, target), days, planned.patch, now);
  if (!current) return undefined;
  const { period, stage } = current;
  const { since, until } = period;
  const gracePeriod = stage && { ...planned, stage, since, until };
  return {
    conclusion: { outcome: 'held', ...explain({ code: 'grace-period', until }), ...(gracePeriod && { gracePeriod }) },
    also: stage ? [putGracePeriod(control, target, period)] : [],
  };
}
