import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { controls } from '../controls/index.ts';
import type { Control, Place } from '../lib/control.ts';
import { engineReads } from '../lib/engine-reads.ts';
import type { Foreseen, PlaceSeen, Spot } from '../lib/preview.ts';
import { regimeNow, termsOf } from '../lib/regime.ts';
import { foresee } from './preview/foresee.ts';
import { controlOf } from './shared/catalogue.ts';
import { door, Refusal, type Request } from './shared/door.ts';
import { settings } from './shared/environment.ts';
import { look, type Seen, spotsOf } from './shared/look.ts';
import { getRegime } from './shared/regimes.ts';
import { observe, type Session } from './shared/sessions.ts';
import { logger } from './shared/step.ts';

/** API Gateway waits for half a minute, and an answer that comes later is lost. */
const PATIENCE_MS = 22_000;
/** An answer of Lambda's may have 6 MB. */
const MOST = 1000;

/** Shows what is in violation and what would come of it: where to look, or what is in one place. It holds no right to write anything. */
async function preview({ routeKey, pathParameters }: Request): Promise<object> {
  const spots = spotsOf(settings, controls);
  if (routeKey === 'GET /plan') return { spots };
  const { control: id, account, region } = pathParameters ?? {};
  const spot = spots.find((one) => one.control === id && one.account === account && one.region === region);
  const control = controlOf(spot?.control);
  if (!spot || !control) throw new Refusal(404, `Control "${id}" does not hold in ${region} of account "${account}".`);
  return lookAround(control, spot);
}

async function lookAround(control: Control, spot: Spot): Promise<PlaceSeen> {
  const seen = { ...spot, listed: 0, violations: [] as Foreseen[], unread: [] as string[] };
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

interface Finding extends Spot {
  listed: number;
  readonly violations: Foreseen[];
  readonly unread: string[];
}

/** Answers why it did not look at everything, where it did not. */
async function lookAt(control: Control, found: Finding, late: AbortSignal): Promise<string | undefined> {
  const place: Place = { account: found.account, region: found.region, partition: settings.hub.partition };
  const session = await observe(control, place, randomUUID(), engineReads.tags);
  const batch = await batchIn(control, place);
  for await (const one of look(control, place, session)) {
    if (late.aborted) return undefined;
    if (found.violations.length >= MOST) return `There are more than ${MOST} violations; these are the first.`;
    found.listed++;
    await judge(control, place, session, one, batch, found);
  }
  return undefined;
}

async function judge(
  control: Control,
  place: Place,
  session: Session,
  { id, live, unread }: Seen,
  batch: string | undefined,
  found: Finding,
): Promise<void> {
  if (unread !== undefined) found.unread.push(unread);
  if (!live) return;
  try {
    const foreseen = await foresee(control, { ...place, id }, live, session, batch);
    if (foreseen) found.violations.push(foreseen);
  } catch (error) {
    found.unread.push(`${id}: ${String(error)}`);
  }
}

/** Why what stands in violation there would wait to be released as one batch; undefined where it would not. */
async function batchIn(control: Control, { account, region }: Place): Promise<string | undefined> {
  const terms = termsOf(settings, control, account);
  const regime = regimeNow(await getRegime(control.id, account), terms, region, new Date());
  return regime.released
    ? undefined
    : `It waits to be released with what else stands in violation. ${regime.reason} Run: evenkeel batch show ${control.id} ${account}`;
}

/** Lambda's entry. */
export const handler = door('preview', preview);
