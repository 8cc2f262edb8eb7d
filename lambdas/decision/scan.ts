import type { Settings } from '../../lib/config/settings.ts';
import type { ScanTarget } from '../../lib/governance/forecast.ts';
import type { Control, Place, State } from '../../lib/model/control.ts';
import type { Session } from '../runtime/sessions.ts';

/** Everything that the config holds to something. */
export const scanTargetsOf = ({ accounts, globalRegion }: Settings, controls: readonly Control[]): ScanTarget[] =>
  Object.entries(accounts).flatMap(([account, { modes, regions }]) =>
    controls
      .filter(({ id }) => modes[id])
      .flatMap(({ id, scope }) =>
        (scope === 'global' ? [globalRegion] : regions).map((region) => ({ control: id, account, region })),
      ),
  );

/** A resource as it was found: with its state, unless it is gone, or with why that could not be read. */
export interface Observed {
  readonly id: string;
  readonly live?: State;
  readonly unread?: string;
}

/** Lists and reads every resource of a control in one place; one that cannot be read keeps none of the others from being seen. */
export async function* scan(control: Control, place: Place, { clients }: Session): AsyncGenerator<Observed> {
  for await (const { id, state } of control.observe.list(clients, place))
    yield state ? { id, live: state } : await seen(control, { ...place, id }, clients);
}

async function seen(control: Control, target: Place & { readonly id: string }, clients: Session['clients']) {
  const { id } = target;
  try {
    return { id, live: await control.observe.read(clients, target) };
  } catch (error) {
    return { id, unread: `${id}: ${String(error)}` };
  }
}
