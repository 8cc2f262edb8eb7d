import { ConfigService } from '@aws-sdk/client-config-service';
import { ACCOUNT, type Control, type Place, type Target } from '../../lib/control.ts';
import { engineReads } from '../../lib/engine-reads.ts';
import type { Hint } from '../shared/hint.ts';
import { observe } from '../shared/sessions.ts';

/** Finds the id that the resource's own API takes; undefined when AWS Config does not know the resource any more. */
export async function locate(
  hint: Hint,
  control: Control,
  partition: string,
  session: string,
): Promise<Target | undefined> {
  const place = { account: hint.account, region: hint.region, partition };
  const id =
    hint.source === 'config' && control.configId === 'name' && control.resource !== ACCOUNT
      ? await nameInConfig(hint, control, place, session)
      : (control.idOf?.(hint.resource) ?? hint.resource);
  return id === undefined ? undefined : { ...place, id };
}

async function nameInConfig(hint: Hint, control: Control, place: Place, session: string): Promise<string | undefined> {
  const { client } = await observe({ ...control, uses: [] }, place, session, engineReads.locate);
  const { baseConfigurationItems: [item] = [] } = await new ConfigService(client).batchGetResourceConfig({
    // A control's type is one of Config's; the SDK's list of them lags behind.
    resourceKeys: [{ resourceType: control.resource as never, resourceId: hint.resource }],
  });
  return item?.resourceName;
}
