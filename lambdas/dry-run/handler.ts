import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { controls } from '../../controls/index.ts';
import { engineReads } from '../../lib/config/engine-reads.ts';
import type { Forecast, ScanForecast, ScanTarget } from '../../lib/governance/forecast.ts';
import { currentRollout, rolloutSettingsOf } from '../../lib/governance/rollout.ts';
import type { Control, Place } from '../../lib/model/control.ts';
import { type Observed, scan, scanTargetsOf } from '../decision/scan.ts';
import { apiHandler, HttpError, type Request } from '../runtime/api-handler.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { observe, type Session } from '../runtime/sessions.ts';
import { logger } from '../runtime/step.ts';
import { getRollout } from '../store/rollouts.ts';
import { forecastOf } from './predict.ts';

/** API Gateway waits for half a minute, and an answer that comes later is lost. */
const PATIENCE_MS = 22_000;
/** An answer of Lambda's may have 6 MB. */
const MOST = 1000;

/** Shows what is in violation and what would come of it: where to look, or what is in one place. It holds no right to write anything. */
async function preview({ routeKey, pathParameters }: Request): Promise<object> {
  const spots = scanTargetsOf(settings, controls);
  if (routeKey === 'GET /plan') return { spots };
  const { control: id, account, region } = pathParameters ?? {};
  const spot = spots.find((one) => one.control === id && one.account === account && one.region === region);
  const control = controlOf(spot?.control);
  if (!spot || !control)
    throw new HttpError(404, `Control "${id}" does not hold in ${region} of account "${account}".`);
  return lookAround(control, spot);
}

async function lookAround(control: Control, spot: ScanTarget): Promise<ScanForecast> {
  const seen = { ...spot, listed: 0, violations: [] as Forecast[], unread: [] as string[] };
  const late = new AbortController();
  const looking = lookAt(control, seen, late.signal).catch((error: unknown) => {
    logger.warn('a dry run broke off', { ...spot, error: String(error) });
    return String(error);
  });
  const tooLate = sleep(PATIENCE_MS, `There is more than can be looked at in ${PATIENCE_MS / 1000} seconds.`, {
    ref: false,
  });
  const broken = await Promise.race([looking, tooLate]);
  late.abort();
  return { ...seen, violations: [...seen.violations], unread: [...seen.unread], ...(broken && { broken }) };
}

interface Finding extends ScanTarget {
  listed: number;
  readonly violations: Forecast[];
  readonly unread: string[];
}

/** Answers why it did not look at everything, where it did not. */
async function lookAt(control: Control, found: Finding, late: AbortSignal): Promise<string | undefined> {
  const place: Place = { account: found.account, region: found.region, partition: settings.hub.partition };
  const session = await observe(control, place, randomUUID(), engineReads.tags);
  const backlog = await batchIn(control, place);
  for await (const one of scan(control, place, session)) {
    if (late.aborted) return undefined;
    if (found.violations.length >= MOST) return `There are more than ${MOST} violations; these are the first.`;
    found.listed++;
    await judge(control, place, session, one, backlog, found);
  }
  return undefined;
}

async function judge(
  control: Control,
  place: Place,
  session: Session,
  { id, live, unread }: Observed,
  backlog: string | undefined,
  found: Finding,
): Promise<void> {
  if (unread !== undefined) found.unread.push(unread);
  if (!live) return;
  try {
    const foreseen = await forecastOf(control, { ...place, id }, live, session, backlog);
    if (foreseen) found.violations.push(foreseen);
  } catch (error) {
    found.unread.push(`${id}: ${String(error)}`);
  }
}

/** Why what stands in violation there would wait to be released as one batch; undefined where it would not. */
async function batchIn(control: Control, { account, region }: Place): Promise<string | undefined> {
  const terms = rolloutSettingsOf(settings, control, account);
  const rollout = currentRollout(await getRollout(control.id, account), terms, region, new Date());
  return rollout.released
    ? undefined
    : `It waits to be released with what else stands in violation. ${rollout.reason} Run: evenkeel batch show ${control.id} ${account}`;
}

/** Lambda's entry. */
export const handler = apiHandler('dry-run', preview);
