import type { Control, Place } from '../../lib/control.ts';
import { looked, type Regime, regimeNow, termsOf } from '../../lib/regime.ts';
import { sparesLive } from '../../lib/register/spare.ts';
import { register, settings } from '../shared/environment.ts';
import { endGrace, gracesIn } from '../shared/graces.ts';
import { listedIn, unlist } from '../shared/listed.ts';
import { changeRegime } from '../shared/regimes.ts';
import { transactOrThrow } from '../shared/table.ts';

/** What a round of the sweep saw of one control in one place. */
export interface Findings {
  readonly round: string;
  /** The resources in violation. */
  readonly suspects: readonly string[];
  /** Whether every resource could be read. */
  readonly whole: boolean;
}

/** Takes in what a round saw, before it starts anything: whether that is a batch, and what waits for nobody any more. */
export async function takeIn(control: Control, place: Place, findings: Findings): Promise<void> {
  const now = new Date();
  const regime = await changeRegime(control.id, place.account, (known) =>
    regimeAfter(known, control, place, findings, now),
  );
  if (!findings.whole) return;
  const open = new Set(unspared(control, place, findings, now));
  await forgetList(control, place, regime && !regime.released ? open : new Set());
  await forgetGraces(control, place, open);
}

function regimeAfter(known: Regime | undefined, control: Control, place: Place, findings: Findings, now: Date) {
  const terms = termsOf(settings, control, place.account);
  // Whoever begins to repair here later begins anew.
  if (terms.mode === 'observe') return undefined;
  const { region } = place;
  const { round, whole } = findings;
  const seen = { region, round, whole, found: unspared(control, place, findings, now).length };
  return looked(regimeNow(known, terms, region, now), terms, seen, settings.batchAbove, now);
}

const unspared = ({ id: control }: Control, place: Place, { suspects }: Findings, now: Date) =>
  suspects.filter((id) => !sparesLive(register.exceptions, control, { ...place, id }, now));

/** What was put right, or is started now, is on no list any more. */
async function forgetList(control: Control, { account, region }: Place, open: ReadonlySet<string>): Promise<void> {
  for (const listed of await listedIn(control.id, account))
    if (listed.target.region === region && !open.has(listed.target.id)) await transactOrThrow([unlist(listed)]);
}

async function forgetGraces({ id: control }: Control, place: Place, open: ReadonlySet<string>): Promise<void> {
  if (!settings.accounts[place.account]?.graceDays[control]) return;
  for (const target of await gracesIn(control, place))
    if (!open.has(target.id)) await transactOrThrow([endGrace(control, target)]);
}
