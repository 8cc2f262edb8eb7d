import { gracePeriodDaysOf, modeOf } from '../lib/config/account-modes.ts';
import type { Config } from '../lib/config/config.ts';
import type { EvidenceRecord } from '../lib/evidence/record.ts';
import { globalRegionOf, partitionOf } from '../lib/model/aws.ts';
import type { Control, Target } from '../lib/model/control.ts';
import { governed, hub, type Place } from './accounts.ts';
import { casesOf } from './cases.ts';
import type { Connection, HubInspector, Row } from './inspector.ts';
import type { LocalAws } from './local-aws.ts';
import { type Caller, fill, run, type Variables, variablesFor } from './steps.ts';

/** A resource that a person made and can break. */
export interface Prepared {
  readonly control: Control;
  readonly id: string;
  readonly target: Target;
  /** Breaks it with plain AWS calls, and says when. */
  break(): Promise<Date>;
  remove(): Promise<void>;
}

/** How a repair went, from the event to the evidence. */
export interface Repaired {
  readonly row: Row;
  readonly records: readonly EvidenceRecord[];
  readonly seconds: number;
}

/** The places in which a control repairs by itself and at once; controls take turns over them, so that each place is seen at work. */
export function placeFor(config: Config, control: Control, turn: number): Place {
  const places = governed.filter(
    ({ account }) => modeOf(config, control, account) === 'auto' && gracePeriodDaysOf(config, control, account) === 0,
  );
  return places[turn % places.length] ?? hub;
}

/** Makes a control's resource by the table of cases, as the developer of that account. */
export async function prepare(
  world: Connection & Pick<LocalAws, 'developers'>,
  control: Control,
  at: Place,
  name: string,
): Promise<Prepared> {
  const place = control.scope === 'global' ? { ...at, region: globalRegionOf(hub.region) } : at;
  const credentials = world.developers[place.account];
  if (!credentials) throw new Error(`Nobody has keys for account ${place.account}.`);
  const hand: Caller = { gateway: world.gateway, credentials, place };
  const variables: Variables = variablesFor(place, name);
  const { live } = await casesOf(control.id);
  await run(live.create, hand, variables);
  const id = fill(live.id, variables);
  return {
    control,
    id,
    target: { ...place, partition: partitionOf(place.region), id },
    async break() {
      const at = new Date();
      await run(live.break, hand, variables);
      return at;
    },
    remove: () => run(live.remove ?? [], hand, variables),
  };
}

/** Breaks a prepared resource and waits for the outcome. */
export async function breakAndWait(watch: HubInspector, prepared: Prepared, seconds?: number): Promise<Repaired> {
  const at = await prepared.break();
  const row = await watch.settled(prepared.control.id, prepared.id, at, seconds);
  const records = await watch.records(row);
  const verified = Date.parse(records.at(-1)?.at ?? '');
  return { row, records, seconds: (verified - at.getTime()) / 1000 };
}
