import { Athena } from '@aws-sdk/client-athena';
import { Glue } from '@aws-sdk/client-glue';
import { beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { savedQueries } from '../../lib/evidence/athena/queries.ts';
import { governed, hub } from '../../sandbox/accounts.ts';
import { breakAndWait, prepare } from '../../sandbox/scenario.ts';
import { makeUser } from '../../sandbox/users.ts';
import { runQuery } from '../sandbox/run-query.ts';
import { controlOf, freshName, inspector, localAws } from './local-aws.ts';
import { Bucket } from './vault.ts';

const control = controlOf('s3-block-public-access');
const place = governed.find(({ account }) => account !== hub.account) ?? hub;
const resource = freshName('queried');
const user = await makeUser(new URL(localAws.gateway.url), hub.account, freshName('athena-user'), [
  'athena:*',
  'glue:Get*',
]);
const as = { endpoint: localAws.gateway.url, region: hub.region, credentials: user };
const [athena, glue] = [new Athena(as), new Glue(as)];
const saved = new Map<string, string>();

async function query(name: string, ...ExecutionParameters: string[]) {
  const parameters = ExecutionParameters.length > 0 && { ExecutionParameters };
  return runQuery(athena, { QueryString: saved.get(name) ?? name, WorkGroup: names.workGroup, ...parameters });
}

beforeAll(async () => {
  const prepared = await prepare(localAws, control, place, resource);
  await inspector.quiet();
  await breakAndWait(inspector, prepared);
  await inspector.quiet();
  const { NamedQueryIds = [] } = await athena.listNamedQueries({ WorkGroup: names.workGroup });
  for (const NamedQueryId of NamedQueryIds) {
    const { NamedQuery } = await athena.getNamedQuery({ NamedQueryId });
    saved.set(NamedQuery?.Name ?? '', NamedQuery?.QueryString ?? '');
  }
});

describe('the evidence in Athena', () => {
  it('has a table on the vault', async () => {
    const { Table } = await glue.getTable({ DatabaseName: 'evenkeel', Name: 'evidence' });
    expect(Table?.StorageDescriptor?.Location).toBe(`s3://${Bucket}/evidence/`);
  });

  it('runs every deployed saved query', async () => {
    expect([...saved.keys()].sort()).toEqual(savedQueries.map(({ name }) => name).sort());
    for (const [name, sql] of saved) await query(name, ...(sql.includes('?') ? ["'user/unknown'"] : []));
  });

  it('lists the violations of a person with their outcome', async () => {
    const rows = await query('Violations by actor', "'user/dev'");
    expect(rows).toContainEqual(
      expect.objectContaining({
        ...{ control: control.id, account: place.account, region: place.region, resource },
        ...{ owner: 'payments-team', outcome: 'repaired', actor: `arn:aws:iam::${place.account}:user/dev` },
      }),
    );
  });

  it('counts the repair for its owner', async () => {
    const row = (await query('Repairs by owner')).find(
      (one) => one.owner === 'payments-team' && one.control === control.id,
    );
    expect(Number(row?.repairs)).toBeGreaterThan(0);
    expect(Number(row?.median_seconds)).toBeGreaterThan(0);
  });
});
