import { KMS } from '@aws-sdk/client-kms';
import { type LifecycleRule, S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { PHASES } from '../../lib/evidence/record.ts';
import { functionNames, phasesOf } from '../../lib/stacks/functions.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { config, world } from './local-aws.ts';
import { administrator, DEPLOYMENT, taken } from './principals.ts';
import { s3 as asRoot, Bucket, bodyOf, recordKeys, recordOne } from './vault.ts';

const at = { endpoint: world.gateway.url, region: hub.region };
const clients = (credentials: Credentials) => ({
  s3: new S3({ ...at, credentials }),
  kms: new KMS({ ...at, credentials }),
});
type Clients = ReturnType<typeof clients>;

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
let admin: Credentials;
let [record, version, before] = ['', '', ''];

/** Everything that could be seen of an object, had somebody got through to it. */
async function seen(): Promise<string> {
  const { Versions, DeleteMarkers = [] } = await asRoot.listObjectVersions({ Bucket, Prefix: record });
  const { Retention } = await asRoot.getObjectRetention({ Bucket, Key: record });
  const { Policy } = await asRoot.getBucketPolicy({ Bucket });
  const { Status } = await asRoot.getBucketVersioning({ Bucket });
  const versions = Versions?.map(({ VersionId }) => VersionId);
  return JSON.stringify([versions, DeleteMarkers, Retention, await bodyOf(record), Policy, Status]);
}

beforeAll(async () => {
  admin = await administrator();
  await recordOne();
  [record = ''] = await recordKeys();
  version = (await asRoot.headObject({ Bucket, Key: record })).VersionId ?? '';
  before = await seen();
});
afterAll(async () => {
  expect(await seen()).toBe(before);
});

const IN_FORCE = { Mode: 'GOVERNANCE', RetainUntilDate: new Date() } as const;
const SHORT = { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } } as const;
const EXPIRY: LifecycleRule = { Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } };
const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` }],
});
const object = () => ({ Bucket, Key: record });

/** What would alter, hide, replace or release a record. */
const onRecords: { readonly [what: string]: (who: Clients) => Promise<unknown> } = {
  'writes over a record': ({ s3 }) => s3.putObject({ ...object(), Body: '{}' }),
  'copies over a record': ({ s3 }) =>
    s3.copyObject({ ...object(), CopySource: `${Bucket}/${record}`, MetadataDirective: 'REPLACE' }),
  'writes over a record in parts': ({ s3 }) => s3.createMultipartUpload(object()),
  'writes what is neither record nor digest': ({ s3 }) =>
    s3.putObject({ Bucket, Key: 'other.json', Body: '{}', IfNoneMatch: '*' }),
  'puts a delete marker': ({ s3 }) => s3.deleteObject(object()),
  'puts many delete markers': async ({ s3 }) => {
    const { Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: record }] } });
    throw Object.assign(new Error(), { name: Errors?.[0]?.Code ?? 'deleted' });
  },
  'deletes a version': ({ s3 }) => s3.deleteObject({ ...object(), VersionId: version }),
  'deletes a version past its retention': ({ s3 }) =>
    s3.deleteObject({ ...object(), VersionId: version, BypassGovernanceRetention: true }),
  'shortens the retention': ({ s3 }) =>
    s3.putObjectRetention({ ...object(), Retention: IN_FORCE, BypassGovernanceRetention: true }),
  'sets a legal hold': ({ s3 }) => s3.putObjectLegalHold({ ...object(), LegalHold: { Status: 'ON' } }),
};
const plant =
  (key: () => string) =>
  ({ s3 }: Clients) =>
    s3.putObject({ Bucket, Key: key(), Body: '{}', IfNoneMatch: '*' });
const planting = new Map([
  ...PHASES.map((phase) => [phase, plant(() => record.replace(/\/\d+-\w+\./, `/99-${phase}.`))] as const),
  ['digest', plant(() => 'digests/9999999999.json')] as const,
]);

/** What would weaken the bucket. */
const onBucket: typeof onRecords = {
  'replaces the policy': ({ s3 }) => s3.putBucketPolicy({ Bucket, Policy: OPEN }),
  'deletes the policy': ({ s3 }) => s3.deleteBucketPolicy({ Bucket }),
  'suspends versioning': ({ s3 }) =>
    s3.putBucketVersioning({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }),
  'shortens the default retention': ({ s3 }) =>
    s3.putObjectLockConfiguration({
      Bucket,
      ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', ...SHORT },
    }),
  'lets records expire': ({ s3 }) =>
    s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: [EXPIRY] } }),
  'deletes the lifecycle': ({ s3 }) => s3.deleteBucketLifecycle({ Bucket }),
  'encrypts by another key': ({ s3 }) =>
    s3.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  'opens it to the public': ({ s3 }) => s3.deletePublicAccessBlock({ Bucket }),
  'brings access lists back': ({ s3 }) =>
    s3.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }),
  'stops its access log': ({ s3 }) => s3.putBucketLogging({ Bucket, BucketLoggingStatus: {} }),
  'deletes it': ({ s3 }) => s3.deleteBucket({ Bucket }),
};

const keyOf = {
  vault: async () => {
    const kms = new KMS({ ...at, credentials: rootOf(hub.account) });
    for (const { KeyId } of (await kms.listKeys({})).Keys ?? [])
      if ((await kms.describeKey({ KeyId })).KeyMetadata?.Description?.startsWith('Encrypts the evidence'))
        return KeyId;
    throw new Error('The vault has no key.');
  },
  digest: async () => world.deployment.outputs['evenkeel-hub']?.DigestKey,
};
const onKeys: { readonly [what: string]: (who: Clients, KeyId?: string) => Promise<unknown> } = {
  disables: ({ kms }, KeyId) => kms.disableKey({ KeyId }),
  'schedules the deletion of': ({ kms }, KeyId) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 }),
  'replaces the policy of': ({ kms }, KeyId) =>
    kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: JSON.stringify(EVERYTHING) }),
};

const refused = (act: Promise<unknown>) =>
  expect(act).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied(Exception)?$/) });

it('a record is locked for as long as the config says', async () => {
  const { Retention } = await asRoot.getObjectRetention(object());
  expect(Retention?.Mode).toBe('GOVERNANCE');
  const days = ((Retention?.RetainUntilDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(config.evidence.retentionDays);
});

describe('an administrator of the hub account', () => {
  it.each(Object.entries({ ...onRecords, ...onBucket }))('never %s', async (_, act) => {
    await refused(act(clients(admin)));
  });
  it.each([...planting])('never plants a %s', (_, act) => refused(act(clients(admin))));
  describe.each(Object.entries(keyOf))('and the key of the %s', (_, find) => {
    it.each(Object.entries(onKeys))('never %s it', async (__, act) => refused(act(clients(admin), await find())));
  });
  it('never signs a digest', async () => {
    const KeyId = await keyOf.digest();
    const Message = Buffer.alloc(32);
    await refused(
      clients(admin).kms.sign({ KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
  });
  it('may read, so that the refusals above are not for want of rights', async () => {
    expect((await clients(admin).s3.headObject(object())).VersionId).toBe(version);
  });
});

describe.each(functionNames)('our own function %s', (step) => {
  let role: Credentials;
  beforeAll(async () => {
    role = await taken(names.hubFunction(step), admin);
  });
  it.each(Object.entries({ ...onRecords, ...onBucket }))('never %s', async (_, act) => {
    await refused(act(clients(role)));
  });
  const own: readonly string[] = step === 'digest' ? ['digest'] : phasesOf(step);
  it.each([...planting].filter(([what]) => !own.includes(what)))('never plants a %s', async (_, act) => {
    await refused(act(clients(role)));
  });
  it.each(Object.entries(keyOf))('never puts the key of the %s out of use', async (_, find) => {
    for (const act of Object.values(onKeys)) await refused(act(clients(role), await find()));
  });
});

it('even the role of the deployment changes no record, unless it first changes the policy', async () => {
  const role = clients(await taken(DEPLOYMENT, admin));
  for (const act of [...Object.values(onRecords), ...planting.values()]) await refused(act(role));
  for (const find of Object.values(keyOf)) {
    await refused(role.kms.disableKey({ KeyId: await find() }));
    await refused(role.kms.scheduleKeyDeletion({ KeyId: await find(), PendingWindowInDays: 7 }));
  }
});
