import { z } from 'zod';
import type { Settings } from '../../lib/config/settings.ts';
import type { Actor } from '../../lib/model/actor.ts';
import { canonical } from '../../lib/model/canonical.ts';
import { ACCOUNT, type Control } from '../../lib/model/control.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import { readEvent } from './aws-event.ts';

/** Where a hint came from. */
export type Source = 'cloudtrail' | 'config' | 'security-hub' | 'sweep' | 'command' | 'coalesced' | 'rollback';

/** The one normal form of every event: look at this resource for this control. It is believed in nothing else. */
export interface Trigger {
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

/** The triggers of an event, or the reasons why Evenkeel ignores it. */
export type TriggerResult = { readonly triggers: readonly Trigger[] } | { readonly ignored: readonly Reason[] };

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
export const directInput = (trigger: Trigger): string =>
  JSON.stringify({ evenkeel: trigger } satisfies z.input<typeof direct>);

/** Brings an event, of whatever source, into normal form; an event that makes no sense is ignored with the reason. */
export function readTriggers(event: unknown, controls: readonly Control[], settings: Settings): TriggerResult {
  const own = direct.safeParse(event);
  if (own.success) return governed([own.data.evenkeel], controls, settings);
  const reading = readEvent(event, controls);
  return 'ignored' in reading ? reading : governed(reading.triggers, controls, settings);
}

function governed(triggers: readonly Trigger[], controls: readonly Control[], settings: Settings): TriggerResult {
  const kept: Trigger[] = [];
  const reasons: Reason[] = [];
  for (const trigger of triggers) {
    const control = controls.find(({ id }) => id === trigger.control);
    const reason: Reason | undefined = control
      ? whyNotGoverned(trigger, control, settings)
      : { code: 'unknown-control', control: trigger.control };
    if (reason) reasons.push(reason);
    else if (control) kept.push(normal(trigger, control, settings));
  }
  return kept.length > 0 ? { triggers: kept } : { ignored: unique(reasons) };
}

function whyNotGoverned(
  { account, region, control: id }: Trigger,
  control: Control,
  settings: Settings,
): Reason | undefined {
  const found = settings.accounts[account];
  if (!found) return { code: 'ungoverned-account', account };
  if (!found.modes[id]) {
    const missing = settings.notConfigured.find((one) => one.control === id)?.missing;
    return missing ? { code: 'not-configured', control: id, missing } : { code: 'control-off', control: id, account };
  }
  if (control.scope === 'regional' && !found.regions.includes(region))
    return { code: 'ungoverned-region', account, region };
  return undefined;
}

const unique = (reasons: readonly Reason[]) => [
  ...new Map(reasons.map((reason) => [canonical(reason), reason])).values(),
];

/** A global control has one place, and an account setting one id, whatever the event says. */
const normal = (trigger: Trigger, control: Control, settings: Settings): Trigger => ({
  ...trigger,
  region: control.scope === 'global' ? settings.globalRegion : trigger.region,
  resource: control.resource === ACCOUNT ? trigger.account : trigger.resource,
});
