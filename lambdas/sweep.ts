import { randomUUID } from 'node:crypto';
import { controls } from '../controls/index.ts';
import type { Control, Place, State } from '../lib/control.ts';
import { settings } from './shared/environment.ts';
import { stableId } from './shared/identity.ts';
import { look, type Spot, spotsOf } from './shared/look.ts';
import { startRemediation } from './shared/machine.ts';
import { observe } from './shared/sessions.ts';
import { logger, step } from './shared/step.ts';

/** One control in one place, as one round of the sweep looks at it. */
export interface SweepItem extends Spot {
  /** Names the round, so that a retry starts nothing twice. */
  readonly sweep: string;
}

/** Without an item: everything that is to be looked at. With one: looks, and admits what is in violation. */
async function sweep(item: Partial<SweepItem>): Promise<{ items: SweepItem[] } | { listed: number; started: number }> {
  return isItem(item) ? sweepOne(item) : { items: everything(randomUUID()) };
}

const isItem = (item: Partial<SweepItem>): item is SweepItem =>
  [item.sweep, item.control, item.account, item.region].every((value) => typeof value === 'string');

const everything = (round: string): SweepItem[] =>
  spotsOf(settings, controls).map((spot) => ({ sweep: round, ...spot }));

async function sweepOne({ sweep: round, control: id, account, region }: SweepItem) {
  const control = controls.find((candidate) => candidate.id === id);
  if (!control || !settings.accounts[account]?.modes[id])
    throw new Error(`Control "${id}" does not hold in account "${account}"; nothing was looked at.`);
  const place: Place = { account, region, partition: settings.hub.partition };
  const session = await observe(control, place, stableId(round, id, account, region));
  const missed: string[] = [];
  let [listed, started] = [0, 0];
  for await (const { id: resource, live, unread } of look(control, place, session)) {
    listed++;
    if (unread !== undefined) missed.push(unread);
    if (!live || !isSuspect(control, live)) continue;
    started++;
    await start(round, control, place, resource);
  }
  logger.info('swept', { control: id, account, region, listed, started, unread: missed.length });
  if (missed.length > 0)
    throw new Error(`${missed.length} of ${listed} resources could not be read; the rest was swept. ${missed[0]}`);
  return { listed, started };
}

/** A state that cannot be judged is for people; its execution escalates with the reason. */
function isSuspect(control: Control, live: State): boolean {
  try {
    return control.check(live, settings.given[control.id] ?? {}, new Date()) !== 'compliant';
  } catch {
    return true;
  }
}

function start(round: string, { id: control }: Control, { account, region }: Place, resource: string): Promise<void> {
  const event = stableId(round, control, account, region, resource);
  return startRemediation(event, { source: 'sweep', event, account, region, control, resource });
}

/** Lambda's entry. */
export const handler = step('sweep', sweep);
