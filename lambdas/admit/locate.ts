import { ConfigService } from '@aws-sdk/client-config-service';
import { engineReads } from '../../lib/config/engine-reads.ts';
import { ACCOUNT, type Control, type Place, type Target } from '../../lib/model/control.ts';
import type { Trigger } from '../events/trigger.ts';
import { observe } from '../runtime/sessions.ts';

/** Finds the id that the resource's own API takes; undefined when AWS Config does not know the resource any more. */
export async function locate(
  trigger: Trigger,
  control: Control,
  partition: string,
  session: string,
): Promise<Target | undefined> {
  const place = { account: trigger.account, region: trigger.region, partition };
  const id =
    trigger.source === 'config' && control.configId === 'name' && control.resource !== ACCOUNT
      ? await nameInConfig(trigger, control, place, session)
      : (control.normalizeId?.(trigger.resource) ?? trigger.resource);
  return id === undefined ? undefined : { ...place, id };
}

async function nameInConfig(
  trigger: Trigger,
  control: Control,
  place: Place,
  session: string,
): Promise<string | undefined> {
  const { client } = await observe({ ...control, services: [] }, place, session, engineReads.locate);
  const { baseConfigurationItems: [item] = [] } = await new ConfigService(client).batchGetResourceConfig({
    // A control's type is one of Config's; the SDK's list of them lags behind.
    resourceKeys: [{ resourceType: control.resource as never, resourceId: trigger.resource }],
  });
  return item?.resourceName;
}
