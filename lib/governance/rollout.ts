import { MODES } from '../config/modes.ts';
import type { Settings } from '../config/settings.ts';
import { canonical } from '../model/canonical.ts';
import type { Control, Mode } from '../model/control.ts';

/** What one control is held to in one account, as the config says now. */
export interface RolloutSettings {
  readonly mode: Mode;
  /** The control's parameters, in canonical JSON. */
  readonly parameters: string;
  /** Every region in which the sweep looks. */
  readonly regions: readonly string[];
}

/** What a control is held to in an account, by the functions' settings. */
export function rolloutSettingsOf(
  { accounts, parameters, globalRegion }: Settings,
  { id, scope }: Pick<Control, 'id' | 'scope'>,
  account: string,
): RolloutSettings {
  const governed = accounts[account];
  return {
    mode: governed?.modes[id] ?? 'observe',
    parameters: canonical(parameters[id] ?? {}),
    regions: scope === 'global' ? [globalRegion] : (governed?.regions ?? []),
  };
}

/** What a round of the sweep saw in one region. */
interface ScanResult {
  readonly round: string;
  readonly at: string;
  /** How many resources were in violation and not spared. */
  readonly found: number;
  /** How many the round before found; absent after the first. */
  readonly before?: number;
  /** Whether everything could be read. */
  readonly complete: boolean;
}

/**
 * Under what terms a control has held in an account, and since when. What stood in violation as it began is a batch,
 * which a person sees as a list and releases; until then nothing of it is repaired.
 */
export interface Rollout extends Omit<RolloutSettings, 'regions'> {
  readonly since: string;
  /** Why what stands in violation is a batch. */
  readonly reason: string;
  readonly scans: { readonly [region: string]: ScanResult };
  /** Who let repairs go on; absent while the batch waits. */
  readonly released?: { readonly by: string; readonly at: string; readonly reason: string };
}

/** After so long without a look nobody knows what has gathered; the sweep comes every day. */
const FORGOTTEN_MS = 48 * 60 * 60 * 1000;

/** The regime as of now: the one that is known, or a new one whose batch waits, where the known one says nothing of what stands. */
export function currentRollout(known: Rollout | undefined, terms: RolloutSettings, region: string, now: Date): Rollout {
  const { mode, parameters } = terms;
  const reason = restartReason(known, terms, region, now);
  if (reason || !known)
    return { mode, parameters, since: now.toISOString(), reason: reason ?? '', scans: known?.scans ?? {} };
  return known.mode === mode && known.parameters === parameters ? known : { ...known, mode, parameters };
}

function restartReason(
  known: Rollout | undefined,
  { mode, parameters }: RolloutSettings,
  region: string,
  now: Date,
): string | undefined {
  if (!known) return `Nobody has looked at it in mode ${mode} before.`;
  if (!known.released) return undefined;
  if (MODES.indexOf(mode) > MODES.indexOf(known.mode)) return `Its mode was ${known.mode} before.`;
  if (parameters !== known.parameters) return 'Its parameters have changed.';
  const last = known.scans[region];
  if (!last) return `Nobody has looked at ${region} before.`;
  return now.getTime() - Date.parse(last.at) > FORGOTTEN_MS
    ? `Nobody looked at ${region} since ${last.at}.`
    : undefined;
}

/** What one round of the sweep saw in one region. */
export interface RegionScan extends Pick<ScanResult, 'round' | 'found' | 'complete'> {
  readonly region: string;
}

/**
 * Takes in what a round saw. Many more violations than the round before found are a batch too; and one of which a whole
 * round found nothing any more needs nobody.
 */
export function afterScan(
  rollout: Rollout,
  terms: RolloutSettings,
  { region, ...seen }: RegionScan,
  above: number,
  now: Date,
): Rollout {
  const last = rollout.scans[region];
  const at = now.toISOString();
  const before = last?.round === seen.round ? last.before : last?.found; // the same round once more is a retry
  const scans = { ...rollout.scans, [region]: { ...seen, at, ...(before !== undefined && { before }) } };
  const ofRound = Object.values(scans).filter(({ round }) => round === seen.round);
  if (!rollout.released) {
    const clean = ofRound.filter(({ found, complete }) => found === 0 && complete).length;
    const over = terms.regions.every((one) => scans[one]?.round === seen.round) && clean === ofRound.length;
    return {
      ...rollout,
      scans,
      ...(over && { released: { by: 'sweep', at, reason: 'It found nothing in violation.' } }),
    };
  }
  const more = ofRound.reduce((sum, one) => sum + Math.max(0, one.found - (one.before ?? 0)), 0);
  if (more <= above) return { ...rollout, scans };
  return { ...rollout, scans, since: at, reason: `One sweep found ${more} more than the last.`, released: undefined };
}
