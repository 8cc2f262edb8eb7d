import { ConfigService } from '@aws-sdk/client-config-service';
import { engineReads } from '../../lib/config/engine-reads.ts';
import { ACCOUNT, type Control, type Place, type Target } from '../../lib/model/control.ts';
import type { Trigger } from '../events/trigger.ts';
import { observe } from '../runtime/sessions.ts';

/** Returns the target with the id that the resource's API takes; undefined if AWS Config does not know the resource. */
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
    // The SDK's list of resource types may lag behind AWS Config's.
    resourceKeys: [{ resourceType: control.resource as never, resourceId: trigger.resource }],
  });
  return item?.resourceName;
}
