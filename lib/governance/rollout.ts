import { parametersAt } from '../config/control-parameters.ts';
import { MODES } from '../config/modes.ts';
import type { Settings } from '../config/settings.ts';
import { partitionOf } from '../model/aws.ts';
import { canonical, sha256 } from '../model/canonical.ts';
import type { Control, Mode } from '../model/control.ts';
import { type Explanation, explain, type Reason, reasonText } from '../text/reasons.ts';

/** The mode, parameters and regions of one control in one account, from the current configuration. */
export interface RolloutSettings {
  readonly mode: Mode;
  /** The hash of the control's parameters in each region. */
  readonly parameters: { readonly [region: string]: string };
  /** Every region that the sweep scans. */
  readonly regions: readonly string[];
}

/** Returns the rollout settings of a control in an account. */
export function rolloutSettingsOf(
  settings: Settings,
  control: Pick<Control, 'id' | 'scope' | 'requiredParameters'>,
  account: string,
): RolloutSettings {
  const governed = settings.accounts[account];
  const regions = control.scope === 'global' ? [settings.globalRegion] : (governed?.regions ?? []);
  const hashIn = (region: string) =>
    sha256(canonical({ values: parametersAt(settings, control, { account, region, partition: partitionOf(region) }) }));
  return {
    mode: governed?.modes[control.id] ?? 'observe',
    parameters: Object.fromEntries(regions.map((region) => [region, hashIn(region)])),
    regions,
  };
}

/** The result of one round of the sweep in one region. */
interface ScanResult {
  readonly round: string;
  readonly at: string;
  /** How many resources violate the control and are not exempt. */
  readonly found: number;
  /** How many the previous round found; absent after the first round. */
  readonly before?: number;
  /** Whether every resource could be read. */
  readonly complete: boolean;
}

/**
 * The enforcement of a control in an account since its last change. Violations that existed at that time form a backlog.
 * None of them is repaired before an operator has reviewed and released the backlog. `because` says why there is one.
 */
export interface Rollout extends Omit<RolloutSettings, 'regions'>, Explanation {
  readonly since: string;
  readonly scans: { readonly [region: string]: ScanResult };
  /** The person who released the backlog; absent while it waits. */
  readonly released?: { readonly by: string; readonly at: string; readonly reason: string };
}

/** The sweep runs every day. A region without a scan for longer than this may hold any number of new violations. */
const SCAN_OUTDATED_MS = 48 * 60 * 60 * 1000;

/** Returns the known rollout, or a new one with a waiting backlog where the known one does not cover the existing violations. */
export function currentRollout(
  known: Rollout | undefined,
  current: RolloutSettings,
  region: string,
  now: Date,
): Rollout {
  const { mode, parameters } = current;
  const restart = restartReason(known, current, region, now);
  if (known && !restart) {
    // A released rollout keeps the hashes of the other regions, so that their own scans notice a change.
    const next = { mode, parameters: known.released ? known.parameters : parameters };
    const isSame = canonical(next) === canonical({ mode: known.mode, parameters: known.parameters });
    return isSame ? known : { ...known, ...next };
  }
  const explanation = explain(restart ?? { code: 'first-scan', mode });
  return { mode, parameters, since: now.toISOString(), ...explanation, scans: known?.scans ?? {} };
}

function restartReason(
  known: Rollout | undefined,
  { mode, parameters }: RolloutSettings,
  region: string,
  now: Date,
): Reason | undefined {
  if (!known) return { code: 'first-scan', mode };
  if (!known.released) return undefined;
  if (MODES.indexOf(mode) > MODES.indexOf(known.mode)) return { code: 'mode-raised', from: known.mode, to: mode };
  const hash = known.parameters[region];
  if (hash !== undefined && hash !== parameters[region]) return { code: 'parameters-changed' };
  const last = known.scans[region];
  if (!last) return { code: 'new-region', region };
  return now.getTime() - Date.parse(last.at) > SCAN_OUTDATED_MS
    ? { code: 'scan-outdated', region, at: last.at }
    : undefined;
}

/** The findings of one round of the sweep in one region. */
export interface RegionScan extends Pick<ScanResult, 'round' | 'found' | 'complete'> {
  readonly region: string;
}

/**
 * Updates a rollout with the findings of a round. Many more violations than in the previous round form a new backlog.
 * A backlog of which a complete round found no violation is released.
 */
export function afterScan(
  rollout: Rollout,
  { regions }: RolloutSettings,
  { region, ...seen }: RegionScan,
  above: number,
  now: Date,
): Rollout {
  const last = rollout.scans[region];
  const at = now.toISOString();
  const before = last?.round === seen.round ? last.before : last?.found; // the same round again is a retry
  const scans = { ...rollout.scans, [region]: { ...seen, at, ...(before !== undefined && { before }) } };
  const ofRound = Object.values(scans).filter(({ round }) => round === seen.round);
  if (!rollout.released) {
    const clean = ofRound.filter(({ found, complete }) => found === 0 && complete).length;
    const over = regions.every((one) => scans[one]?.round === seen.round) && clean === ofRound.length;
    return {
      ...rollout,
      scans,
      ...(over && { released: { by: 'sweep', at, reason: reasonText({ code: 'no-violations' }) } }),
    };
  }
  const more = ofRound.reduce((sum, one) => sum + Math.max(0, one.found - (one.before ?? 0)), 0);
  if (more <= above) return { ...rollout, scans };
  return { ...rollout, scans, since: at, ...explain({ code: 'more-violations', more }), released: undefined };
}
