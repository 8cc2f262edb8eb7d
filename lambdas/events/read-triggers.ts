import type { Settings } from '../../lib/config/settings.ts';
import { canonical } from '../../lib/model/canonical.ts';
import { ACCOUNT, type Control } from '../../lib/model/control.ts';
import type { Reason } from '../../lib/text/reasons.ts';
import { readEvent } from './aws-event.ts';
import { directSchema, type Trigger, type TriggerResult } from './trigger.ts';

/** Converts an event of any source into triggers. An event without a governed resource is ignored with the reasons. */
export function readTriggers(event: unknown, controls: readonly Control[], settings: Settings): TriggerResult {
  const own = directSchema.safeParse(event);
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
      ? notGovernedReason(trigger, control, settings)
      : { code: 'unknown-control', control: trigger.control };
    if (reason) reasons.push(reason);
    else if (control) kept.push(normal(trigger, control, settings));
  }
  return kept.length > 0 ? { triggers: kept } : { ignored: unique(reasons) };
}

function notGovernedReason(
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

/** A global control has one region and an account setting has one id, whatever the event says. */
const normal = (trigger: Trigger, control: Control, settings: Settings): Trigger => ({
  ...trigger,
  region: control.scope === 'global' ? settings.globalRegion : trigger.region,
  resource: control.resource === ACCOUNT ? trigger.account : trigger.resource,
});
