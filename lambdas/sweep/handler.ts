import { randomUUID } from 'node:crypto';
import { controls } from '../../controls/index.ts';
import { configuredParametersAt } from '../../lib/config/parameters.ts';
import type { ScanTarget } from '../../lib/governance/forecast.ts';
import type { Control, Place, State } from '../../lib/model/control.ts';
import { scan, scanTargetsOf } from '../decision/scan.ts';
import { stableId } from '../events/stable-id.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { observe, type Session } from '../runtime/sessions.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { count, gauge, logger, step } from '../runtime/step.ts';
import { announceBacklogs } from './announce-backlog.ts';
import { recordRound } from './round.ts';

/** One control in one place, as one round of the sweep looks at it. */
export interface SweepItem extends ScanTarget {
  /** Names the round, so that a retry starts nothing twice. */
  readonly sweep: string;
}

/** Ends a round. */
interface End {
  readonly notify: true;
}

/** With nothing: everything that is to be looked at. With an item: looks, and admits what is in violation. At the end: tells people of what waits. */
async function sweep(item: Partial<SweepItem> | End): Promise<object> {
  if ('notify' in item) return { told: await announceBacklogs() };
  return isItem(item) ? sweepOne(item) : { items: everything(randomUUID()) };
}

const isItem = (item: Partial<SweepItem>): item is SweepItem =>
  [item.sweep, item.control, item.account, item.region].every((value) => typeof value === 'string');

const everything = (round: string): SweepItem[] =>
  scanTargetsOf(settings, controls).map((spot) => ({ sweep: round, ...spot }));

async function sweepOne({ sweep: round, control: id, account, region }: SweepItem) {
  const control = controlOf(id);
  if (!control || !settings.accounts[account]?.modes[id])
    throw new Error(`Control "${id}" does not hold in account "${account}"; nothing was looked at.`);
  const place: Place = { account, region, partition: settings.hub.partition };
  const session = await observe(control, place, stableId(round, id, account, region));
  const { listed, suspects, missed } = await scanPlace(control, place, session);
  await recordRound(control, place, { round, suspects, complete: missed.length === 0 });
  for (const resource of suspects) await start(round, control, place, resource);
  count('violations', id, suspects.length);
  gauge('violations', suspects.length);
  logger.info('swept', { control: id, account, region, listed, started: suspects.length, unread: missed.length });
  if (missed.length > 0)
    throw new Error(`${missed.length} of ${listed} resources could not be read; the rest was swept. ${missed[0]}`);
  return { listed, started: suspects.length };
}

/** How many are in violation is known before the first of them is started. */
async function scanPlace(control: Control, place: Place, session: Session) {
  const [suspects, missed]: [string[], string[]] = [[], []];
  let listed = 0;
  try {
    for await (const { id, live, unread } of scan(control, place, session)) {
      listed++;
      if (unread !== undefined) missed.push(unread);
      if (live && isSuspect(control, place, live)) suspects.push(id);
    }
  } catch (error) {
    missed.push(`The list broke off: ${String(error)}`); // what stands before the break is swept all the same
  }
  return { listed, suspects, missed };
}

/** A state that cannot be judged is for people; its execution escalates with the reason. */
function isSuspect(control: Control, place: Place, live: State): boolean {
  try {
    return control.check(live, configuredParametersAt(settings, control, place), new Date()) !== 'compliant';
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
