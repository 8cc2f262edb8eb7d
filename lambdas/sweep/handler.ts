import { randomUUID } from 'node:crypto';
import { controls } from '../../controls/index.ts';
import { configuredParametersAt } from '../../lib/config/control-parameters.ts';
import type { Control, Place, State } from '../../lib/model/control.ts';
import { pluralize } from '../../lib/text/words.ts';
import { byType, scanTargetsOf, scanTogether, type TypeTarget } from '../decision/scan.ts';
import { stableId } from '../events/stable-id.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { observe, type Session } from '../runtime/sessions.ts';
import { startRemediation } from '../runtime/start-machine.ts';
import { count, gauge, logger, step } from '../runtime/step.ts';
import { announceBacklogs } from './announce-backlog.ts';
import { recordRound } from './round.ts';

/** The controls on one resource type in one place, as one round of the sweep scans them. */
export interface SweepItem extends TypeTarget {
  /** Names the round, so that a retry starts nothing twice. */
  readonly sweep: string;
}

/** Ends a round. */
interface End {
  readonly notify: true;
}

/** Without an item: lists everything to scan. With an item: scans it, and starts a remediation for each violation. At the end: announces the backlogs. */
async function sweep(item: Partial<SweepItem> | End): Promise<object> {
  if ('notify' in item) return { notified: await announceBacklogs() };
  return isItem(item) ? sweepOne(item) : { items: everything(randomUUID()) };
}

const isItem = (item: Partial<SweepItem>): item is SweepItem =>
  [item.sweep, item.account, item.region].every((value) => typeof value === 'string') && Array.isArray(item.controls);

const everything = (round: string): SweepItem[] =>
  byType(scanTargetsOf(settings, controls), controls).map((target) => ({ sweep: round, ...target }));

async function sweepOne({ sweep: round, controls: ids, account, region }: SweepItem) {
  const [first, ...others] = ids.map((id) => enabledControl(id, account));
  if (!first) throw new Error('The sweep item names no control; nothing was scanned.');
  const place: Place = { account, region, partition: settings.hub.partition };
  const session = await observe([first, ...others], place, stableId(round, ...ids, account, region));
  const results = await scanPlace([first, ...others], place, session);
  for (const result of results) await conclude(round, place, result);
  const missed = results.flatMap((result) => result.missed);
  if (missed.length > 0)
    throw new Error(`${pluralize(missed.length, 'resource')} could not be read; the rest was swept. ${missed[0]}`);
  return { started: results.reduce((sum, { suspects }) => sum + suspects.length, 0) };
}

function enabledControl(id: string, account: string): Control {
  const control = controlOf(id);
  if (control && settings.accounts[account]?.modes[id]) return control;
  throw new Error(`Control "${id}" is not enabled in account "${account}"; nothing was scanned.`);
}

/** The result of one control in one place. */
interface ScanResult {
  readonly control: Control;
  readonly suspects: string[];
  readonly missed: string[];
  listed: number;
}

/** Finds every violation before the first remediation starts, because their number decides about a backlog. */
async function scanPlace(group: readonly [Control, ...Control[]], place: Place, session: Session) {
  const results = group.map((control): ScanResult => ({ control, suspects: [], missed: [], listed: 0 }));
  try {
    for await (const { control, id, live, unread } of scanTogether(group, place, session)) {
      const result = results.find((one) => one.control.id === control.id);
      if (!result) continue;
      result.listed++;
      if (unread !== undefined) result.missed.push(unread);
      if (live && isSuspect(control, place, live)) result.suspects.push(id);
    }
  } catch (error) {
    for (const { missed } of results) missed.push(`The list ended early: ${String(error)}`); // the resources before it are swept
  }
  return results;
}

async function conclude(round: string, place: Place, { control, suspects, missed, listed }: ScanResult) {
  await recordRound(control, place, { round, suspects, complete: missed.length === 0 });
  for (const resource of suspects) await start(round, control, place, resource);
  count('violations', control.id, suspects.length);
  gauge('violations', suspects.length);
  const { account, region } = place;
  logger.info('swept', {
    control: control.id,
    account,
    region,
    listed,
    started: suspects.length,
    unread: missed.length,
  });
}

/** A state that cannot be evaluated needs a person; its execution escalates with the reason. */
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
