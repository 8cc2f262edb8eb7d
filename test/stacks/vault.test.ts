import { describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { functionNames, functionsThatWriteTable } from '../../lib/stacks/functions.ts';
import { admin, asRole, type Call, may } from './simulate.ts';
import { example, get, HUB, MEMBER, synthesise } from './synth.ts';

const BREAK_GLASS = `arn:aws:iam::${HUB}:role/break-glass`;
const config = { retentionDays: 7, lock: 'compliance', coldAfterDays: 30, digestMinutes: 15 } as const;
const hub = get(synthesise(example({ evidence: config, breakGlass: BREAK_GLASS })), 'Hub');
const vault = hub.arn('AWS::S3::Bucket', 'VaultBucket');
const vaultKey = hub.arn('AWS::KMS::Key', 'Vault');
const digestKey = hub.arn('AWS::KMS::Key', 'Digests');

/** Each of these may do everything that the tested policies do not deny. */
const caller = (role: string) => ({ ...admin(HUB), ...asRole(HUB, role) });
const administrator = caller('admin');
const breakGlass = caller('break-glass');
const deployment = caller(`cdk-hnb659fds-cfn-exec-role-${HUB}-eu-west-1`);
const principals = [
  administrator,
  breakGlass,
  deployment,
  ...functionNames.map((step) => caller(names.hubFunction(step))),
];
type Caller = typeof administrator;

const policy = hub.one('AWS::S3::BucketPolicy', 'VaultBucket').Properties.PolicyDocument;
const recordOf = (phase: string) => `${vault}/evidence/2026/01/01/${MEMBER}/x/1-${phase}.json`;
const record = recordOf('plan');
const role = (step: string) => `evenkeel-${step}`;
const digest = `${vault}/digests/0000000001.json`;
const call = (who: Caller, action: string, resource: string, context: Call['context'] = {}) =>
  may({ ...who, context: { ...who.context, ...context }, action, resource, owner: HUB, resourcePolicy: policy });
const NEW = { 's3:if-none-match': '*' };

describe('an object in the vault', () => {
  it.each([
    ['a plan', recordOf('plan'), ['approve', 'decide', 'plan', 'repair', 'settle'].map(role)],
    ['a decision', recordOf('decision'), ['approve', 'decide', 'repair', 'settle'].map(role)],
    ['the record of a repair', recordOf('repair'), ['repair', 'settle'].map(role)],
    ['an outcome', recordOf('outcome'), [role('settle')]],
    ['an order', recordOf('command'), [role('command')]],
    ['a record of another name', recordOf('note'), []],
    ['a digest', digest, ['evenkeel-digest']],
    ['anything else', `${vault}/other.json`, []],
  ] as const)('%s is written only by its own roles', async (_, object, writers) => {
    const able: string[] = [];
    for (const who of principals)
      if (await call(who, 's3:PutObject', object, NEW)) able.push(who.context['aws:PrincipalArn'].split('/')[1] ?? '');
    expect(able.sort()).toEqual([...writers].sort());
  });

  it('is never overwritten, not even by its writer', async () => {
    const plan = caller('evenkeel-plan');
    expect(await call(plan, 's3:PutObject', record)).toBe(false);
    expect(await call(plan, 's3:PutObject', record, { 's3:if-match': 'etag' })).toBe(false);
    expect(await call(caller('evenkeel-digest'), 's3:PutObject', digest)).toBe(false);
  });

  it.each([
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:PutObjectRetention',
    's3:PutObjectLegalHold',
    's3:BypassGovernanceRetention',
    's3:ReplicateObject',
    's3:ReplicateDelete',
    's3:UpdateObjectEncryption',
  ])('denies %s to every principal', async (action) => {
    for (const who of principals)
      for (const object of [record, digest]) expect(await call(who, action, object), who.principal).toBe(false);
  });

  it('is read over TLS only', async () => {
    expect(await call(administrator, 's3:GetObject', record)).toBe(true);
    expect(await call(administrator, 's3:GetObject', record, { 'aws:SecureTransport': 'false' })).toBe(false);
  });

  it('is locked for the retention in the config, encrypted and private, and outlives the stack', () => {
    const { Properties, DeletionPolicy } = hub.one('AWS::S3::Bucket', 'VaultBucket');
    expect(DeletionPolicy).toBe('Retain');
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 7 } } },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(Properties.BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault).toEqual({
      SSEAlgorithm: 'aws:kms',
      KMSMasterKeyID: vaultKey,
    });
  });

  it('moves to colder storage, and never expires', () => {
    expect(hub.one('AWS::S3::Bucket', 'VaultBucket').Properties.LifecycleConfiguration).toEqual({
      Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER_IR', TransitionInDays: 30 }] }],
      TransitionDefaultMinimumObjectSize: 'all_storage_classes_128K',
    });
  });

  it('has access logs in a bucket without a lock, because S3 cannot deliver to a locked bucket', () => {
    const { DestinationBucketName } = hub.one('AWS::S3::Bucket', 'VaultBucket').Properties.LoggingConfiguration;
    expect(DestinationBucketName).toMatch(/^vaultaccesslogs/);
    expect(hub.one('AWS::S3::Bucket', 'VaultAccessLogs').Properties.ObjectLockEnabled).toBeUndefined();
  });
});

describe('the protection of the vault', () => {
  it.each([
    's3:PutBucketPolicy',
    's3:DeleteBucketPolicy',
    's3:PutBucketVersioning',
    's3:PutBucketObjectLockConfiguration',
    's3:PutLifecycleConfiguration',
    's3:PutReplicationConfiguration',
    's3:PutEncryptionConfiguration',
    's3:PutBucketPublicAccessBlock',
    's3:PutBucketOwnershipControls',
    's3:PutBucketAcl',
    's3:PutBucketLogging',
  ])('%s is for the deployment and for emergencies', async (action) => {
    for (const who of principals)
      expect(await call(who, action, vault), who.principal).toBe([breakGlass, deployment].includes(who));
  });

  it('allows no principal to delete the bucket', async () => {
    for (const who of principals) expect(await call(who, 's3:DeleteBucket', vault), who.principal).toBe(false);
  });

  it('can be changed only by the deployment if there is no break-glass role', async () => {
    const without = get(synthesise(example()), 'Hub');
    const resourcePolicy = without.one('AWS::S3::BucketPolicy', 'VaultBucket').Properties.PolicyDocument;
    const put = (who: Caller) =>
      may({ ...who, action: 's3:PutBucketPolicy', resource: vault, owner: HUB, resourcePolicy });
    expect(await put(breakGlass)).toBe(false);
    expect(await put(deployment)).toBe(true);
    const keys = without.one('AWS::KMS::Key', 'Vault').Properties.KeyPolicy;
    for (const who of principals)
      for (const action of ['kms:DisableKey', 'kms:ScheduleKeyDeletion'])
        expect(await may({ ...who, action, resource: vaultKey, owner: HUB, resourcePolicy: keys })).toBe(false);
  });
});

describe.each([
  ['encrypts', 'Vault', vaultKey],
  ['signs', 'Digests', digestKey],
])('the key that %s', (_, prefix, resource) => {
  const { Properties, DeletionPolicy } = hub.one('AWS::KMS::Key', prefix);
  const use = (who: Caller, action: string) =>
    may({ ...who, action, resource, owner: HUB, resourcePolicy: Properties.KeyPolicy });

  it.each(['kms:DisableKey', 'kms:ScheduleKeyDeletion'])(
    '%s is allowed to the break-glass role only',
    async (action) => {
      for (const who of principals) expect(await use(who, action), who.principal).toBe(who === breakGlass);
    },
  );
  it('has a policy that the deployment can change, as KMS requires', async () => {
    for (const who of principals)
      expect(await use(who, 'kms:PutKeyPolicy'), who.principal).toBe([breakGlass, deployment].includes(who));
  });
  it('rotates, and outlives the stack', async () => {
    expect(await use(breakGlass, 'kms:DisableKeyRotation')).toBe(false);
    expect(DeletionPolicy).toBe('Retain');
  });
});

describe('digests', () => {
  const { Properties } = hub.one('AWS::KMS::Key', 'Digests');

  it('are signed with their own key, and only by their function', async () => {
    expect(Properties).toMatchObject({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    for (const who of principals) {
      const sign = {
        ...who,
        action: 'kms:Sign',
        resource: digestKey,
        owner: HUB,
        resourcePolicy: Properties.KeyPolicy,
      };
      expect(await may(sign), who.principal).toBe(who.principal.includes('/evenkeel-digest/'));
    }
    const read = { ...administrator, action: 'kms:GetPublicKey', resource: digestKey, owner: HUB };
    expect(await may({ ...read, resourcePolicy: Properties.KeyPolicy })).toBe(true);
  });

  it('are created at the interval in the config', () => {
    const rule = hub.one('AWS::Events::Rule', 'DigestsSchedule').Properties;
    expect(rule.ScheduleExpression).toBe('rate(15 minutes)');
    expect(rule.Targets[0].Arn).toMatch(/:function:evenkeel-digest$/);
  });

  it('raise an alarm if none is created, and if one finds a fault', () => {
    const alarm = (name: string) =>
      hub.all('AWS::CloudWatch::Alarm').find((one) => one.Properties.AlarmName === `evenkeel-hub-${name}`)?.Properties;
    expect(alarm('no-digest')).toMatchObject({
      Namespace: 'Evenkeel',
      MetricName: 'digests',
      Dimensions: [{ Name: 'service', Value: 'evenkeel' }],
      Period: 3600,
      EvaluationPeriods: 3,
      Threshold: 1,
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
    expect(alarm('evidence-faults')).toMatchObject({
      MetricName: 'evidenceFaults',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
  });
});

describe('the state table', () => {
  const { ResourcePolicy } = hub.one('AWS::DynamoDB::GlobalTable', 'Table').Properties.Replicas[0];
  const table = hub.arn('AWS::DynamoDB::GlobalTable', 'Table');
  const tableCall = (who: Caller, action: string) =>
    may({ ...who, action, resource: table, owner: HUB, resourcePolicy: ResourcePolicy.PolicyDocument });

  it.each([
    'dynamodb:PutItem',
    'dynamodb:UpdateItem',
    'dynamodb:DeleteItem',
    'dynamodb:BatchWriteItem',
    'dynamodb:PartiQLUpdate',
  ])('allows %s only to the functions and break-glass', async (action) => {
    const able: string[] = [];
    for (const who of principals)
      if (await tableCall(who, action)) able.push(who.context['aws:PrincipalArn'].split('/')[1] ?? '');
    expect(able.sort()).toEqual(
      ['break-glass', ...functionsThatWriteTable.map((step) => names.hubFunction(step))].sort(),
    );
  });

  it('can be read by administrators, who cannot change its policy', async () => {
    expect(await tableCall(administrator, 'dynamodb:GetItem')).toBe(true);
    expect(await tableCall(administrator, 'dynamodb:PutResourcePolicy')).toBe(false);
    expect(await tableCall(deployment, 'dynamodb:PutResourcePolicy')).toBe(true);
  });
});
