import { z } from 'zod';
import { ACCOUNT, type Control } from '../../lib/control.ts';
import type { Actor } from '../../lib/evidence.ts';
import type { Settings } from '../../lib/settings.ts';
import { readEvent } from './aws-event.ts';

/** Where a hint came from. */
export type Source = 'cloudtrail' | 'config' | 'security-hub' | 'sweep' | 'command' | 'coalesced' | 'rollback';

/** The one normal form of every event: look at this resource for this control. It is believed in nothing else. */
export interface Hint {
  readonly source: Source;
  /** The id of the event that carried it; the same event always leads to the same execution. */
  readonly event: string;
  readonly account: string;
  readonly region: string;
  readonly control: string;
  /** The resource as the event spells it: the API's id, an ARN, a URL, or Config's own id. */
  readonly resource: string;
  readonly actor?: Actor;
}

/** What an event came to: hints, or the reason why it is none of ours. */
export type Reading = { readonly hints: readonly Hint[] } | { readonly ignored: string };

const direct = z.object({
  evenkeel: z.object({
    source: z.enum(['sweep', 'command', 'coalesced', 'rollback', 'cloudtrail', 'config', 'security-hub']),
    event: z.string().min(1),
    account: z.string().regex(/^\d{12}$/),
    region: z.string().min(1),
    control: z.string().min(1),
    resource: z.string().min(1),
    actor: z
      .object({
        type: z.string(),
        arn: z.string().optional(),
        issuer: z.string().optional(),
        invokedBy: z.string().optional(),
      })
      .optional(),
  }),
});

/** The input with which we start an execution ourselves; only the hub's own roles may. */
export const directInput = (hint: Hint): string => JSON.stringify({ evenkeel: hint } satisfies z.input<typeof direct>);

/** Brings an event, of whatever source, into normal form; an event that makes no sense is ignored with the reason. */
export function readHints(event: unknown, controls: readonly Control[], settings: Settings): Reading {
  const own = direct.safeParse(event);
  if (own.success) return governed([own.data.evenkeel], controls, settings);
  const reading = readEvent(event, controls);
  return 'ignored' in reading ? reading : governed(reading.hints, controls, settings);
}

function governed(hints: readonly Hint[], controls: readonly Control[], settings: Settings): Reading {
  const kept: Hint[] = [];
  const reasons: string[] = [];
  for (const hint of hints) {
    const control = controls.find(({ id }) => id === hint.control);
    const reason = control ? whyNotGoverned(hint, control, settings) : `there is no control "${hint.control}"`;
    if (!control || reason) reasons.push(reason ?? '');
    else kept.push(normal(hint, control, settings));
  }
  return kept.length > 0 ? { hints: kept } : { ignored: [...new Set(reasons)].join('; ') };
}

function whyNotGoverned(
  { account, region, control: id }: Hint,
  control: Control,
  settings: Settings,
): string | undefined {
  const found = settings.accounts[account];
  if (!found) return `account ${account} is not governed`;
  if (!found.modes[id]) return `control "${id}" is off in account ${account}`;
  if (control.scope === 'regional' && !found.regions.includes(region))
    return `region ${region} of account ${account} is not governed`;
  return undefined;
}

/** A global control has one place, and an account setting one id, whatever the event says. */
const normal = (hint: Hint, control: Control, settings: Settings): Hint => ({
  ...hint,
  region: control.scope === 'global' ? settings.globalRegion : hint.region,
  resource: control.resource === ACCOUNT ? hint.account : hint.resource,
});
