import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { controls } from '../controls/index.ts';
import { regimeKey } from '../lambdas/shared/keys.ts';
import type { StoredRegime } from '../lambdas/shared/regimes.ts';
import type { Config } from '../lib/config.ts';
import { type Regime, termsOf } from '../lib/regime.ts';
import { type Settings, settingsOf } from '../lib/settings.ts';
import { hub, rootOf } from './accounts.ts';

/** As if the first sweep had come, and people had released what it found: a run shows what comes after that. */
export async function releaseEverything(gatewayUrl: URL, config: Config, TableName: string): Promise<void> {
  const table = DynamoDBDocument.from(
    new DynamoDB({ endpoint: gatewayUrl.href, region: hub.region, credentials: rootOf(hub.account) }),
    { marshallOptions: { removeUndefinedValues: true } },
  );
  const settings = settingsOf(config, controls, 'sandbox');
  const items = Object.keys(config.accounts).flatMap((account) => regimesIn(settings, account));
  await Promise.all(items.map((Item) => table.put({ TableName, Item })));
}

const regimesIn = (settings: Settings, account: string) =>
  controls.map((control) => {
    const { regions, ...terms } = termsOf(settings, control, account);
    const at = new Date().toISOString();
    const look = { round: 'sandbox', at, found: 0, whole: true };
    const regime: Regime = {
      ...terms,
      since: at,
      reason: 'It began with the sandbox.',
      looks: Object.fromEntries(regions.map((region) => [region, look])),
      released: { by: 'sandbox', at, reason: 'A run shows repairs from the first second.' },
    };
    return {
      ...regimeKey(control.id, account),
      ...regime,
      control: control.id,
      account,
      version: 1,
    } satisfies StoredRegime & { pk: string };
  });
