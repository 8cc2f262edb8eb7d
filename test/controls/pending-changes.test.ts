import { RDS } from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rdsNotPublic } from '../../controls/rds/rds-not-public.ts';
import { rootOf } from '../../sandbox/accounts.ts';
import { type Emulators, startEmulators } from '../../sandbox/emulators.ts';
import { type Gateway, startGateway } from '../../sandbox/gateway/index.ts';

const place = { account: '333333333333', region: 'us-east-1', partition: 'aws' };
let gateway: Gateway;
let emulators: Emulators;

beforeAll(async () => {
  gateway = await startGateway({ ministack: () => emulators.ministack, moto: () => emulators.moto });
  emulators = await startEmulators({ gatewayUrl: new URL(gateway.url), logPrefix: 'pending-changes-test-' });
}, 40_000);
afterAll(async () => {
  await emulators.stop();
  await gateway.stop();
});

it('a repair of a public DB instance and its rollback leave a waiting change of its class alone', async () => {
  const rds = new RDS({ endpoint: gateway.url, region: place.region, credentials: rootOf(place.account) });
  const DBInstanceIdentifier = 'orders';
  await rds.createDBInstance({
    DBInstanceIdentifier,
    DBInstanceClass: 'db.t3.micro',
    Engine: 'postgres',
    AllocatedStorage: 20,
    MasterUsername: 'keel',
    ManageMasterUserPassword: true,
    PubliclyAccessible: true,
  });
  await rds.modifyDBInstance({ DBInstanceIdentifier, DBInstanceClass: 'db.t3.large' });
  const waiting = { DBInstanceClass: 'db.t3.micro', PendingModifiedValues: { DBInstanceClass: 'db.t3.large' } };
  const [isPublic, isPrivate] = [{ PubliclyAccessible: true }, { PubliclyAccessible: false }];
  for (const [from, to] of [
    [isPublic, isPrivate],
    [isPrivate, isPublic],
  ] as const) {
    await rdsNotPublic.repair?.write({ rds }, { ...place, id: DBInstanceIdentifier }, to, from);
    const { DBInstances } = await rds.describeDBInstances({ DBInstanceIdentifier });
    expect(DBInstances?.[0]).toMatchObject({ ...to, ...waiting });
  }
});
