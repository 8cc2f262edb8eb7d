import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { controls } from '../../controls/index.ts';
import { engineReads } from '../../lib/config/engine-reads.ts';
import type { Forecast, ScanForecast, ScanTarget } from '../../lib/governance/forecast.ts';
import { currentRollout, type RolloutSettings, rolloutSettingsOf } from '../../lib/governance/rollout.ts';
import type { Control, Place } from '../../lib/model/control.ts';
import { type Reason, reasonText } from '../../lib/text/reasons.ts';
import { type Observed, scan, scanTargetsOf } from '../decision/scan.ts';
import { apiHandler, HttpError, type Request } from '../runtime/api-handler.ts';
import { controlOf } from '../runtime/catalog.ts';
import { settings } from '../runtime/environment.ts';
import { observe, type Session } from '../runtime/sessions.ts';
import { logger } from '../runtime/step.ts';
import { getRollout } from '../store/rollouts.ts';
import { forecastOf } from './predict.ts';

/** API Gateway waits for 30 seconds, and drops a later answer. */
const TIME_LIMIT_MS = 22_000;
/** A response of Lambda may have 6 MB. */
const MAX_VIOLATIONS = 1000;

/** Lists the places to scan, or scans one place and predicts the outcome of each violation. It has no permission to write. */
async function dryRun({ routeKey, pathParameters }: Request): Promise<object> {
  const targets = scanTargetsOf(settings, controls);
  if (routeKey === 'GET /plan') return { targets, notConfigured: settings.notConfigured };
  const { control: id, account, region } = pathParameters ?? {};
  const target = targets.find((one) => one.control === id && one.account === account && one.region === region);
  const control = controlOf(target?.control);
  if (!target || !control)
    throw new HttpError(404, { code: 'not-enabled', control: id ?? '', account: account ?? '', region: region ?? '' });
  return forecastTarget(control, target);
}

async function forecastTarget(control: Control, target: ScanTarget): Promise<ScanForecast> {
  const found = { ...target, listed: 0, violations: [] as Forecast[], unread: [] as string[] };
  const late = new AbortController();
  const scanned = scanInto(control, found, late.signal).catch((error: unknown) => {
    logger.warn('a dry run ended early', { ...target, error: String(error) });
    return reasonText({ code: 'scan-failed', error: String(error) });
  });
  const timedOut = reasonText({ code: 'scan-timed-out', seconds: TIME_LIMIT_MS / 1000 });
  const tooLate = sleep(TIME_LIMIT_MS, timedOut, { ref: false });
  const incomplete = await Promise.race([scanned, tooLate]);
  late.abort();
  return { ...found, violations: [...found.violations], unread: [...found.unread], ...(incomplete && { incomplete }) };
}

interface Finding extends ScanTarget {
  listed: number;
  readonly violations: Forecast[];
  readonly unread: string[];
}

/** Adds every resource to the findings. Returns why the scan is incomplete, if it is. */
async function scanInto(control: Control, found: Finding, late: AbortSignal): Promise<string | undefined> {
  const place: Place = { account: found.account, region: found.region, partition: settings.hub.partition };
  const session = await observe(control, place, randomUUID(), engineReads.tags);
  const backlog = await backlogIn(control, place, rolloutSettingsOf(settings, control, place.account));
  for await (const one of scan(control, place, session)) {
    if (late.aborted) return undefined;
    if (found.violations.length >= MAX_VIOLATIONS) return reasonText({ code: 'scan-cut', violations: MAX_VIOLATIONS });
    found.listed++;
    await evaluate(control, place, session, one, backlog, found);
  }
  return undefined;
}

async function evaluate(
  control: Control,
  place: Place,
  session: Session,
  { id, live, unread }: Observed,
  backlog: readonly Reason[] | undefined,
  found: Finding,
): Promise<void> {
  if (unread !== undefined) found.unread.push(unread);
  if (!live) return;
  try {
    const forecast = await forecastOf(control, { ...place, id }, live, session, backlog);
    if (forecast) found.violations.push(forecast);
  } catch (error) {
    found.unread.push(`${id}: ${String(error)}`);
  }
}

/** Returns why existing violations would wait in a backlog, or undefined where they would not. */
async function backlogIn({ id }: Control, { account, region }: Place, current: RolloutSettings) {
  const { released, since, because } = currentRollout(await getRollout(id, account), current, region, new Date());
  const review: Reason = { code: 'review-backlog', control: id, account };
  return released ? undefined : [{ code: 'backlog', since } as const, ...because, review];
}

/** Lambda's entry. */
export const handler = apiHandler('dry-run', dryRun);
