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

/** A compliant resource that a person created and can break. */
export interface Prepared {
  readonly control: Control;
  readonly id: string;
  readonly target: Target;
  /** Breaks it with plain AWS calls, and returns the time. */
  break(): Promise<Date>;
  remove(): Promise<void>;
}

/** A repair from the event to the evidence. */
export interface Repaired {
  readonly row: Row;
  readonly records: readonly EvidenceRecord[];
  readonly seconds: number;
}

/** A place in which a control repairs automatically without a grace period. Controls alternate between places. */
export function placeFor(config: Config, control: Control, turn: number): Place {
  const places = governed.filter(
    ({ account }) => modeOf(config, control, account) === 'auto' && gracePeriodDaysOf(config, control, account) === 0,
  );
  return places[turn % places.length] ?? hub;
}

/** Creates a control's resource by its table of cases, as the developer of that account. */
export async function prepare(
  localAws: Connection & Pick<LocalAws, 'developers'>,
  control: Control,
  at: Place,
  name: string,
): Promise<Prepared> {
  const place = control.scope === 'global' ? { ...at, region: globalRegionOf(hub.region) } : at;
  const credentials = localAws.developers[place.account];
  if (!credentials) throw new Error(`Account ${place.account} has no developer.`);
  const caller: Caller = { gateway: localAws.gateway, credentials, place };
  const variables: Variables = variablesFor(place, name);
  const { live } = await casesOf(control.id);
  await run(live.create, caller, variables);
  const id = fill(live.id, variables);
  return {
    control,
    id,
    target: { ...place, partition: partitionOf(place.region), id },
    async break() {
      const at = new Date();
      await run(live.break, caller, variables);
      return at;
    },
    remove: () => run(live.remove ?? [], caller, variables),
  };
}

/** A control whose resource could not be created. */
export interface FailedSetup {
  readonly control: Control;
  readonly error: Error;
}

/** Creates a resource for each control at the same time. A control whose setup fails does not stop the others. */
export async function prepareAll(
  controls: readonly Control[],
  create: (control: Control, index: number) => Promise<Prepared>,
): Promise<{ readonly prepared: readonly Prepared[]; readonly failed: readonly FailedSetup[] }> {
  const failed: FailedSetup[] = [];
  const prepared = await Promise.all(
    controls.map((control, index) =>
      create(control, index).catch((cause: unknown) => {
        failed.push({ control, error: cause instanceof Error ? cause : new Error(String(cause)) });
        return undefined;
      }),
    ),
  );
  return { prepared: prepared.filter((one) => one !== undefined), failed };
}

/** Breaks a prepared resource and waits for the outcome. */
export async function breakAndWait(inspector: HubInspector, prepared: Prepared, seconds?: number): Promise<Repaired> {
  const at = await prepared.break();
  const row = await inspector.settled(prepared.control.id, prepared.id, at, seconds);
  const records = await inspector.records(row);
  const verified = Date.parse(records.at(-1)?.at ?? '');
  return { row, records, seconds: (verified - at.getTime()) / 1000 };
}
