import { exemptsLive } from '../../lib/exceptions/matching.ts';
import {
  afterScan,
  currentRollout,
  type RegionScan,
  type Rollout,
  rolloutSettingsOf,
} from '../../lib/governance/rollout.ts';
import type { Control, Place } from '../../lib/model/control.ts';
import { publishedExceptions, settings } from '../runtime/environment.ts';
import { backlogItemsIn, removeFromBacklog } from '../store/backlog-items.ts';
import { endGracePeriod, gracePeriodsIn } from '../store/grace-periods.ts';
import { changeRollout } from '../store/rollouts.ts';
import { transactOrThrow } from '../store/table.ts';

/** The result of one round of the sweep for one control in one place. */
export interface Findings {
  readonly round: string;
  /** The resources in violation. */
  readonly suspects: readonly string[];
  /** Whether every resource could be read. */
  readonly complete: boolean;
}

/** Records a round before it starts executions: whether its violations form a backlog, and which items are no longer open. */
export async function recordRound(control: Control, place: Place, findings: Findings): Promise<void> {
  const now = new Date();
  const { round, complete } = findings;
  const found = notExempt(control, place, findings, now);
  const seen: RegionScan = { region: place.region, round, complete, found: found.length };
  const rollout = await changeRollout(control.id, place.account, (known) =>
    rolloutAfter(known, control, place.account, seen, now),
  );
  if (!complete) return;
  const open = new Set(found);
  await pruneBacklog(control, place, rollout && !rollout.released ? open : new Set());
  await pruneGracePeriods(control, place, open);
}

function rolloutAfter(known: Rollout | undefined, control: Control, account: string, seen: RegionScan, now: Date) {
  const terms = rolloutSettingsOf(settings, control, account);
  // If the control repairs here later, its rollout starts again.
  if (terms.mode === 'observe') return undefined;
  return afterScan(currentRollout(known, terms, seen.region, now), terms, seen, settings.backlogAbove, now);
}

const notExempt = ({ id: control }: Control, place: Place, { suspects }: Findings, now: Date) =>
  suspects.filter((id) => !exemptsLive(publishedExceptions.exceptions, control, { ...place, id }, now));

/** Removes the resources that are compliant again, or whose execution starts now. */
async function pruneBacklog(control: Control, { account, region }: Place, open: ReadonlySet<string>): Promise<void> {
  for (const listed of await backlogItemsIn(control.id, account))
    if (listed.target.region === region && !open.has(listed.target.id))
      await transactOrThrow([removeFromBacklog(listed)]);
}

async function pruneGracePeriods({ id: control }: Control, place: Place, open: ReadonlySet<string>): Promise<void> {
  if (!settings.accounts[place.account]?.gracePeriodDays[control]) return;
  for (const target of await gracePeriodsIn(control, place))
    if (!open.has(target.id)) await transactOrThrow([endGracePeriod(control, target)]);
}
