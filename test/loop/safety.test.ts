import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { EventBridge } from '@aws-sdk/client-eventbridge';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterEach, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import type { State } from '../../lib/model/control.ts';
import { hub, rootOf } from '../../sandbox/accounts.ts';
import { type Row, storesOf } from '../../sandbox/inspector.ts';
import { breakAndWait, type Prepared, prepare } from '../../sandbox/scenario.ts';
import { controlOf, freshName, inspector, liveVerdict, localAws } from './local-aws.ts';

const { gateway } = localAws;
const atHub = { endpoint: gateway.url, region: hub.region, credentials: rootOf(hub.account) };
const asDeveloper = { ...atHub, credentials: localAws.developers[hub.account] };
const other = { account: '222222222222', region: 'eu-west-1' };
const { table: TableName, vault: Bucket } = storesOf(localAws.deployment.outputs);
const table = DynamoDBDocument.from(new DynamoDB(atHub));
const buckets = controlOf('s3-block-public-access');
const byRepair = (action: string) => ({ action, arn: `.*:assumed-role/${names.repairRole(buckets.id)}/.*` });

afterEach(async () => {
  await gateway.clearFaults();
  await inspector.quiet(120);
});

const fresh = async (control = buckets, place = hub): Promise<Prepared> => {
  const prepared = await prepare(localAws, control, place, freshName('safe'));
  await inspector.quiet();
  await gateway.clearCalls();
  return prepared;
};

/** Delays Repair before its write, runs an action in the meantime, and returns the settled execution. */
async function whileRepairWaits(prepared: Prepared, meanwhile: (row: Row) => Promise<unknown>): Promise<Row> {
  await gateway.inject({
    service: 's3',
    action: 'HeadObject',
    session: names.hubFunction('repair'),
    kind: 'timeout',
    seconds: 1,
    times: 3,
  });
  const since = await prepared.break();
  const repairing = async () =>
    (await inspector.executions(prepared.control.id, prepared.id)).find(
      ({ phase, admittedAt }) => phase === 'repairing' && new Date(admittedAt) >= since,
    );
  await expect.poll(repairing, { timeout: 20_000, interval: 50 }).toBeDefined();
  const row = await repairing();
  if (!row) throw new Error('The repair started too early.');
  await meanwhile(row);
  await inspector.quiet(120);
  const after = (await inspector.executions(prepared.control.id, prepared.id)).find(
    ({ execution }) => execution === row.execution,
  );
  if (!after) throw new Error('The execution does not exist.');
  return after;
}

describe('during a repair', () => {
  it('a deleted resource has the outcome gone', async () => {
    const prepared = await fresh();
    const row = await whileRepairWaits(prepared, () => prepared.remove());
    expect(row.conclusion).toMatchObject({ outcome: 'gone' });
    expect(await gateway.calls(byRepair('PutPublicAccessBlock'))).toEqual([]);
  });

  it('a changed state is planned again, and the first state is kept', async () => {
    const prepared = await fresh();
    const PublicAccessBlockConfiguration = { BlockPublicAcls: true };
    const row = await whileRepairWaits(prepared, () =>
      new S3({ ...asDeveloper }).putPublicAccessBlock({ Bucket: prepared.id, PublicAccessBlockConfiguration }),
    );
    expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
    const [first, second, repair] = await inspector.records(row);
    expect([first?.phase, second?.phase, repair?.phase]).toEqual(['plan', 'plan', 'repair']);
    expect(second?.first).toEqual(first?.before);
    expect(repair?.before).toEqual(first?.before);
  });

  it('a plan that was altered in the state table is not carried out', async () => {
    const prepared = await fresh();
    const row = await whileRepairWaits(prepared, async ({ execution, body = '' }) => {
      const forged = body.replace('"BlockPublicAcls":true', '"BlockPublicAcls":false');
      expect(forged).not.toBe(body);
      await table.update({
        TableName,
        Key: { pk: `execution#${execution}` },
        UpdateExpression: 'SET body = :forged',
        ExpressionAttributeValues: { ':forged': forged },
      });
    });
    expect(row.conclusion).toMatchObject({
      outcome: 'escalated',
      because: [
        expect.objectContaining({ code: 'step-failed', step: 'Repair' }),
        expect.objectContaining({ code: 'record-altered' }),
      ],
    });
    expect(
      (await gateway.calls(byRepair('PutPublicAccessBlock'))).filter(({ session }) => session === row.execution),
    ).toEqual([]);
  });

  it('an execution that lost its lock changes nothing', async () => {
    const prepared = await fresh();
    const row = await whileRepairWaits(prepared, async ({ execution }) => {
      await table.update({
        TableName,
        Key: { pk: `execution#${execution}` },
        UpdateExpression: 'SET phase = :superseded',
        ExpressionAttributeValues: { ':superseded': 'superseded' },
      });
    });
    expect(row.conclusion).toMatchObject({
      outcome: 'escalated',
      because: [{ code: 'lock-lost' }],
    });
    expect(
      (await gateway.calls(byRepair('PutPublicAccessBlock'))).filter(({ session }) => session === row.execution),
    ).toEqual([]);
  });
});

it('another execution takes over a lock whose lease ended', async () => {
  const prepared = await fresh();
  const { account, region, id } = prepared.target;
  const ghost = { pk: 'execution#ghost', execution: 'ghost', phase: 'repairing', records: [], control: buckets.id };
  await table.put({ TableName, Item: ghost });
  await table.put({
    TableName,
    Item: {
      pk: `lock#${buckets.id}#${account}#${region}#${id}`,
      holder: 'ghost',
      pending: 0,
      leaseUntil: Date.now() - 1,
    },
  });
  expect((await breakAndWait(inspector, prepared)).row.conclusion).toMatchObject({ outcome: 'repaired' });
  const { Item } = await table.get({ TableName, Key: { pk: 'execution#ghost' } });
  expect(Item?.phase).toBe('superseded');
});

it('an interrupted repair removes nothing before its replacement exists', async () => {
  const prepared = await fresh(controlOf('ec2-restrict-ingress'));
  await gateway.inject({
    action: 'RevokeSecurityGroupIngress',
    arn: `.*${names.repairRole(prepared.control.id)}/.*`,
    kind: 'denied',
    times: 0,
  });
  const { row, records } = await breakAndWait(inspector, prepared);
  expect(row.conclusion).toMatchObject({
    outcome: 'escalated',
    because: expect.arrayContaining([{ code: 'partly-repaired' }]),
  });
  const [plan, repair] = [records[0], records.at(-1)];
  const rulesOf = (state: State | undefined): unknown[] => [state?.SecurityGroupIngress].flat();
  expect(rulesOf(plan?.before).length).toBeGreaterThan(0);
  for (const rule of rulesOf(plan?.before)) expect(rulesOf(repair?.after)).toContainEqual(rule);
  await inspector.quiet(120);
  await gateway.clearFaults();
  const since = new Date();
  await sweepOnce(prepared);
  expect((await inspector.settled(prepared.control.id, prepared.id, since)).conclusion).toMatchObject({
    outcome: 'repaired',
  });
});

async function sweepOnce({ control, target: { account, region } }: Prepared) {
  const payload = { sweep: freshName('sweep'), controls: [control.id], account, region };
  const { FunctionError, Payload } = await new Lambda(atHub).invoke({
    FunctionName: names.hubFunction('sweep'),
    Payload: JSON.stringify(payload),
  });
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

describe('the sweep', () => {
  it('finds a violation that no event reported', async () => {
    // AWS Config runs this control's rule on a schedule only, so only the event of the call could report it.
    const prepared = await fresh(controlOf('cloudtrail-log-file-validation'));
    await gateway.setTrail({ lost: true });
    await prepared.break();
    await gateway.setTrail({});
    const since = new Date();
    expect(await sweepOnce(prepared)).toMatchObject({ started: 1 });
    const row = await inspector.settled(prepared.control.id, prepared.id, since);
    expect([row.source, row.conclusion?.outcome]).toEqual(['sweep', 'repaired']);
  });
});

describe('the mode of an account', () => {
  it('observe: records the violation and changes nothing, and the account has no repair role', async () => {
    const prepared = await fresh(controlOf('kms-key-rotation'), other);
    const { row, records } = await breakAndWait(inspector, prepared);
    expect(row.conclusion).toMatchObject({ outcome: 'observed' });
    expect(records.map(({ phase }) => phase)).toEqual(['plan', 'outcome']);
    expect(await liveVerdict(prepared)).not.toBe('compliant');
    const iam = new IAM({ ...atHub, credentials: rootOf(other.account) });
    await expect(iam.getRole({ RoleName: names.repairRole(prepared.control.id) })).rejects.toMatchObject({
      name: 'NoSuchEntityException',
    });
  });
});

describe('a developer', () => {
  it('cannot send an event in the name of AWS', async () => {
    const Detail = JSON.stringify({
      configRuleName: names.configRule(buckets.id),
      resourceId: 'x',
      newEvaluationResult: { complianceType: 'NON_COMPLIANT' },
    });
    const entry = { EventBusName: names.inboundBus, DetailType: 'Config Rules Compliance Change', Detail };
    const before = (await inspector.dropped()).length + (await inspector.executions(buckets.id, 'x')).length;
    for (const Source of ['aws.config', 'com.example', 'evenkeel']) {
      const { Entries } = await new EventBridge(atHub).putEvents({ Entries: [{ ...entry, Source }] });
      if (Source === 'aws.config') expect(Entries?.[0]?.ErrorCode).toBe('NotAuthorizedForSourceException');
    }
    await inspector.quiet();
    expect((await inspector.dropped()).length + (await inspector.executions(buckets.id, 'x')).length).toBe(before);
  });

  it('cannot delete, replace or hide evidence', async () => {
    const prepared = await fresh();
    const { row } = await breakAndWait(inspector, prepared);
    const [{ key: Key } = { key: '' }] = row.records;
    const s3 = new S3({ ...asDeveloper });
    const denied = { name: 'AccessDenied' };
    await expect(s3.deleteObject({ Bucket, Key })).rejects.toMatchObject(denied);
    const { Versions } = await new S3(atHub).listObjectVersions({ Bucket, Prefix: Key });
    await expect(s3.deleteObject({ Bucket, Key, VersionId: Versions?.[0]?.VersionId })).rejects.toMatchObject(denied);
    await expect(s3.putObject({ Bucket, Key, Body: '{}' })).rejects.toMatchObject(denied);
    await expect(s3.putObject({ Bucket, Key, Body: '{}', IfNoneMatch: '*' })).rejects.toMatchObject({
      name: expect.stringMatching(/AccessDenied|PreconditionFailed/),
    });
    await expect(
      s3.putObjectRetention({
        Bucket,
        Key,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate: new Date() },
        BypassGovernanceRetention: true,
      }),
    ).rejects.toMatchObject(denied);
    await expect(
      s3.putBucketLifecycleConfiguration({
        Bucket,
        LifecycleConfiguration: {
          Rules: [{ ID: 'x', Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } }],
        },
      }),
    ).rejects.toMatchObject(denied);
    expect(Versions).toHaveLength(1);
  });
});
