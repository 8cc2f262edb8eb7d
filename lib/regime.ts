import type { Control, Mode } from './control.ts';
import { canonical } from './evidence.ts';
import { MODES } from './modes.ts';
import type { Settings } from './settings.ts';

/** What one control is held to in one account, as the config says now. */
export interface Terms {
  readonly mode: Mode;
  /** The control's parameters, in canonical JSON. */
  readonly given: string;
  /** Every region in which the sweep looks. */
  readonly regions: readonly string[];
}

/** What a control is held to in an account, by the functions' settings. */
export function termsOf(
  { accounts, given, globalRegion }: Settings,
  { id, scope }: Pick<Control, 'id' | 'scope'>,
  account: string,
): Terms {
  const governed = accounts[account];
  return {
    mode: governed?.modes[id] ?? 'observe',
    given: canonical(given[id] ?? {}),
    regions: scope === 'global' ? [globalRegion] : (governed?.regions ?? []),
  };
}

/** What a round of the sweep saw in one region. */
interface Look {
  readonly round: string;
  readonly at: string;
  /** How many resources were in violation and not spared. */
  readonly found: number;
  /** How many the round before found; absent after the first. */
  readonly before?: number;
  /** Whether everything could be read. */
  readonly whole: boolean;
}

/**
 * Under what terms a control has held in an account, and since when. What stood in violation as it began is a batch,
 * which a person sees as a list and releases; until then nothing of it is repaired.
 */
export interface Regime extends Omit<Terms, 'regions'> {
  readonly since: string;
  /** Why what stands in violation is a batch. */
  readonly reason: string;
  readonly looks: { readonly [region: string]: Look };
  /** Who let repairs go on; absent while the batch waits. */
  readonly released?: { readonly by: string; readonly at: string; readonly reason: string };
}

/** After so long without a look nobody knows what has gathered; the sweep comes every day. */
const FORGOTTEN_MS = 48 * 60 * 60 * 1000;

/** The regime as of now: the one that is known, or a new one whose batch waits, where the known one says nothing of what stands. */
export function regimeNow(known: Regime | undefined, terms: Terms, region: string, now: Date): Regime {
  const { mode, given } = terms;
  const reason = whyAnew(known, terms, region, now);
  if (reason || !known)
    return { mode, given, since: now.toISOString(), reason: reason ?? '', looks: known?.looks ?? {} };
  return known.mode === mode && known.given === given ? known : { ...known, mode, given };
}

function whyAnew(known: Regime | undefined, { mode, given }: Terms, region: string, now: Date): string | undefined {
  if (!known) return `Nobody has looked at it in mode ${mode} before.`;
  if (!known.released) return undefined;
  if (MODES.indexOf(mode) > MODES.indexOf(known.mode)) return `Its mode was ${known.mode} before.`;
  if (given !== known.given) return 'Its parameters have changed.';
  const last = known.looks[region];
  if (!last) return `Nobody has looked at ${region} before.`;
  return now.getTime() - Date.parse(last.at) > FORGOTTEN_MS
    ? `Nobody looked at ${region} since ${last.at}.`
    : undefined;
}

/** What one round of the sweep saw in one region. */
export interface Seen extends Pick<Look, 'round' | 'found' | 'whole'> {
  readonly region: string;
}

/**
 * Takes in what a round saw. Many more violations than the round before found are a batch too; and one of which a whole
 * round found nothing any more needs nobody.
 */
export function looked(regime: Regime, terms: Terms, { region, ...seen }: Seen, above: number, now: Date): Regime {
  const last = regime.looks[region];
  const at = now.toISOString();
  const before = last?.round === seen.round ? last.before : last?.found; // the same round once more is a retry
  const looks = { ...regime.looks, [region]: { ...seen, at, ...(before !== undefined && { before }) } };
  const ofRound = Object.values(looks).filter(({ round }) => round === seen.round);
  if (!regime.released) {
    const clean = ofRound.filter(({ found, whole }) => found === 0 && whole).length;
    const over = terms.regions.every((one) => looks[one]?.round === seen.round) && clean === ofRound.length;
    return {
      ...regime,
      looks,
      ...(over && { released: { by: 'sweep', at, reason: 'It found nothing in violation.' } }),
    };
  }
  const more = ofRound.reduce((sum, one) => sum + Math.max(0, one.found - (one.before ?? 0)), 0);
  if (more <= above) return { ...regime, looks };
  return { ...regime, looks, since: at, reason: `One sweep found ${more} more than the last.`, released: undefined };
}
