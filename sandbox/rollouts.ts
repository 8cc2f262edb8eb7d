import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { controls } from '../controls/index.ts';
import { rolloutKey } from '../lambdas/store/keys.ts';
import type { StoredRollout } from '../lambdas/store/rollouts.ts';
import type { Config } from '../lib/config/config.ts';
import { type Settings, settingsOf } from '../lib/config/settings.ts';
import { type Rollout, rolloutSettingsOf } from '../lib/governance/rollout.ts';
import { explain } from '../lib/text/reasons.ts';
import { hub, rootOf } from './accounts.ts';

/** Writes rollouts as after the first sweep and the release of its backlog, because a run shows what follows. */
export async function releaseEverything(gatewayUrl: URL, config: Config, TableName: string): Promise<void> {
  const table = DynamoDBDocument.from(
    new DynamoDB({ endpoint: gatewayUrl.href, region: hub.region, credentials: rootOf(hub.account) }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const settings = settingsOf(config, controls, 'sandbox');
  const items = Object.keys(config.accounts).flatMap((account) => rolloutsIn(settings, account));
  await Promise.all(items.map((Item) => table.put({ TableName, Item })));
}

const rolloutsIn = (settings: Settings, account: string) =>
  controls.map((control) => {
    const { regions, ...terms } = rolloutSettingsOf(settings, control, account);
    const at = new Date().toISOString();
    const scan = { round: 'sandbox', at, found: 0, complete: true };
    const rollout: Rollout = {
      ...terms,
      since: at,
      ...explain({ code: 'first-scan', mode: terms.mode }),
      scans: Object.fromEntries(regions.map((region) => [region, scan])),
      released: { by: 'sandbox', at, reason: 'Repairs start immediately in the local AWS.' },
    };
    return {
      ...rolloutKey(control.id, account),
      ...rollout,
      control: control.id,
      account,
      version: 1,
    } satisfies StoredRollout & { pk: string };
  });
