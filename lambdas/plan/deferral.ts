import { gracePeriodAt } from '../../lib/governance/grace-period.ts';
import { currentRollout, rolloutSettingsOf } from '../../lib/governance/rollout.ts';
import type { Control, LastUse, State } from '../../lib/model/control.ts';
import type { Patch } from '../../lib/model/patch.ts';
import { stateHash } from '../../lib/model/state.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { addToBacklog } from '../store/backlog-items.ts';
import type { Conclusion, Execution } from '../store/executions.ts';
import { getGracePeriod, putGracePeriod } from '../store/grace-periods.ts';
import { getLock, type Lock } from '../store/lock.ts';
import { changeRollout } from '../store/rollouts.ts';
import type { Item } from '../store/table.ts';

/** Why a repair that is planned does not come yet, and what the table has to remember of that. */
export interface Deferral {
  readonly conclusion: Conclusion;
  readonly also: readonly Item[];
}

/** What was planned. */
interface Planned {
  readonly violation: string;
  readonly patch: Patch;
  readonly lastUse?: readonly LastUse[];
}

/** Whether a repair must wait for people who release a batch, for an owner whom it would interrupt, or because people have just rejected it. */
export async function deferralOf(
  execution: Execution,
  before: State,
  planned: Planned,
  now: Date,
): Promise<Deferral | undefined> {
  // A successor looks again at what came in while its predecessor was at work.
  const lock = execution.source === 'coalesced' ? await getLock(execution) : undefined;
  return (
    leftAlone(lock, before) ??
    (await waitInBacklog(execution, lock, planned, now)) ??
    (await waitForGracePeriod(execution, planned, now))
  );
}

function leftAlone(lock: Lock | undefined, before: State): Deferral | undefined {
  if (lock?.leaves === undefined || lock.leaves !== stateHash(before)) return undefined;
  const reason = 'People have just rejected this very repair, and nothing has changed since.';
  return { conclusion: { outcome: 'held', reason }, also: [] };
}

/** What somebody has just changed goes on, at no further call; the rest may have stood before anybody meant it to be repaired. */
async function waitInBacklog(
  execution: Execution,
  lock: Lock | undefined,
  { violation, patch }: Planned,
  now: Date,
): Promise<Deferral | undefined> {
  if (isFresh(execution, lock)) return undefined;
  const { control: id, target } = execution;
  const control = controlOf(id) as Control; // the policy was looked up by it
  const terms = rolloutSettingsOf(settings, control, target.account);
  const rollout = await changeRollout(id, target.account, (known) => currentRollout(known, terms, target.region, now));
  if (!rollout || rollout.released) return undefined;
  const reason = `It waits in a batch since ${rollout.since}. ${rollout.reason} Look: evenkeel batch show ${id} ${target.account}. Then: evenkeel batch release ${id} ${target.account} --reason "..."`;
  return {
    conclusion: { outcome: 'held', reason },
    also: [addToBacklog({ control: id, target, execution: execution.execution, violation, patch })],
  };
}

function isFresh({ source, actor }: Execution, lock: Lock | undefined): boolean {
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
  const stands = gracePeriodAt(await getGracePeriod(control, target), days, planned.patch, now);
  if (!stands) return undefined;
  const { period, occasion } = stands;
  const { since, until } = period;
  const reason = `The owner has until ${until} to put it right or to have an exception approved; whoever sees it in violation after that repairs it.`;
  return {
    conclusion: { outcome: 'held', reason, ...(occasion && { gracePeriod: { ...planned, occasion, since, until } }) },
    also: occasion ? [putGracePeriod(control, target, period)] : [],
  };
}
