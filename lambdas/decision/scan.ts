import type { Settings } from '../../lib/config/settings.ts';
import type { ScanTarget } from '../../lib/governance/forecast.ts';
import type { Control, Place, State } from '../../lib/model/control.ts';
import { observeTogether } from '../../lib/model/observation.ts';
import type { Session } from '../runtime/sessions.ts';

/** Every control in every place where the config enables it. */
export const scanTargetsOf = ({ accounts, globalRegion }: Settings, controls: readonly Control[]): ScanTarget[] =>
  Object.entries(accounts).flatMap(([account, { modes, regions }]) =>
    controls
      .filter(({ id }) => modes[id])
      .flatMap(({ id, scope }) =>
        (scope === 'global' ? [globalRegion] : regions).map((region) => ({ control: id, account, region })),
      ),
  );

/** The scan targets of one place whose controls share a resource type; one list call serves them all. */
export interface TypeTarget extends Omit<ScanTarget, 'control'> {
  readonly controls: readonly string[];
}

/** Groups scan targets by resource type and place. */
export function byType(targets: readonly ScanTarget[], controls: readonly Control[]): TypeTarget[] {
  const groups = new Map<string, TypeTarget>();
  const types = [...new Set(controls.map(({ type }) => type))];
  for (const { control: id, account, region } of targets) {
    const control = controls.find((one) => one.id === id);
    const key = JSON.stringify([control && types.indexOf(control.type), account, region]);
    groups.set(key, { account, region, controls: [...(groups.get(key)?.controls ?? []), id] });
  }
  return [...groups.values()];
}

/** A resource of a scan: its state, which is absent if the resource is gone, or the reason why it could not be read. */
export interface Observed {
  readonly id: string;
  readonly live?: State;
  readonly unread?: string;
}

/** Lists and reads every resource of a type for several controls. A read that fails for one control stops no other. */
export async function* scanTogether(
  controls: readonly [Control, ...Control[]],
  place: Place,
  { clients }: Session,
): AsyncGenerator<Observed & { readonly control: Control }> {
  for await (const { id, states } of observeTogether(controls, clients, place))
    for (const { control, state, error } of states)
      yield error === undefined ? { control, id, live: state } : { control, id, unread: `${id}: ${String(error)}` };
}

/** Lists and reads every resource of a control in one place. A resource that cannot be read stops no other. */
export async function* scan(control: Control, place: Place, { clients }: Session): AsyncGenerator<Observed> {
  for await (const { id, state } of control.observe.list(clients, place))
    yield state ? { id, live: state } : await readResource(control, { ...place, id }, clients);
}

async function readResource(control: Control, target: Place & { readonly id: string }, clients: Session['clients']) {
  const { id } = target;
  try {
    return { id, live: await control.observe.read(clients, target) };
  } catch (error) {
    return { id, unread: `${id}: ${String(error)}` };
  }
}
