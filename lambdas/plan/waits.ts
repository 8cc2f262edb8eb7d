import type { Control, LastUse, State } from '../../lib/control.ts';
import { graceAt } from '../../lib/grace.ts';
import type { Patch } from '../../lib/patch.ts';
import { regimeNow, termsOf } from '../../lib/regime.ts';
import { stateHash } from '../../lib/states.ts';
import { controlOf } from '../shared/catalogue.ts';
import { settings } from '../shared/environment.ts';
import { getGrace, setGrace } from '../shared/graces.ts';
import type { Conclusion, Execution } from '../shared/ledger.ts';
import { list } from '../shared/listed.ts';
import { getLock, type Lock } from '../shared/lock.ts';
import { changeRegime } from '../shared/regimes.ts';
import type { Item } from '../shared/table.ts';

/** Why a repair that is planned does not come yet, and what the table has to remember of that. */
export interface Wait {
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
export async function waitOf(
  execution: Execution,
  before: State,
  planned: Planned,
  now: Date,
): Promise<Wait | undefined> {
  // A successor looks again at what came in while its predecessor was at work.
  const lock = execution.source === 'coalesced' ? await getLock(execution) : undefined;
  return (
    leftAlone(lock, before) ??
    (await waitInBatch(execution, lock, planned, now)) ??
    (await waitForOwner(execution, planned, now))
  );
}

function leftAlone(lock: Lock | undefined, before: State): Wait | undefined {
  if (lock?.leaves === undefined || lock.leaves !== stateHash(before)) return undefined;
  const reason = 'People have just rejected this very repair, and nothing has changed since.';
  return { conclusion: { outcome: 'held', reason }, also: [] };
}

/** What somebody has just changed goes on, at no further call; the rest may have stood before anybody meant it to be repaired. */
async function waitInBatch(
  execution: Execution,
  lock: Lock | undefined,
  { violation, patch }: Planned,
  now: Date,
): Promise<Wait | undefined> {
  if (isFresh(execution, lock)) return undefined;
  const { control: id, target } = execution;
  const control = controlOf(id) as Control; // the policy was looked up by it
  const terms = termsOf(settings, control, target.account);
  const regime = await changeRegime(id, target.account, (known) => regimeNow(known, terms, target.region, now));
  if (!regime || regime.released) return undefined;
  const reason = `It waits in a batch since ${regime.since}. ${regime.reason} Look: evenkeel batch show ${id} ${target.account}. Then: evenkeel batch release ${id} ${target.account} --reason "..."`;
  return {
    conclusion: { outcome: 'held', reason },
    also: [list({ control: id, target, execution: execution.execution, violation, patch })],
  };
}

function isFresh({ source, actor }: Execution, lock: Lock | undefined): boolean {
  if (source === 'cloudtrail') return actor !== undefined;
  if (source === 'coalesced') return (lock?.actors?.size ?? 0) > 0;
  return source !== 'config' && source !== 'security-hub' && source !== 'sweep';
}

async function waitForOwner({ control, target }: Execution, planned: Planned, now: Date): Promise<Wait | undefined> {
  const days = settings.accounts[target.account]?.graceDays[control];
  if (!days) return undefined;
  const stands = graceAt(await getGrace(control, target), days, planned.patch, now);
  if (!stands) return undefined;
  const { period, occasion } = stands;
  const { since, until } = period;
  const reason = `The owner has until ${until} to put it right or to have an exception approved; whoever sees it in violation after that repairs it.`;
  return {
    conclusion: { outcome: 'held', reason, ...(occasion && { grace: { ...planned, occasion, since, until } }) },
    also: occasion ? [setGrace(control, target, period)] : [],
  };
}
