import { KMS } from '@aws-sdk/client-kms';
import { type LifecycleRule, S3 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { PHASES } from '../../lib/evidence/record.ts';
import { functionNames, phasesOf } from '../../lib/stacks/functions.ts';
import { type Credentials, hub, rootOf } from '../../sandbox/accounts.ts';
import { config, localAws } from './local-aws.ts';
import { administrator, credentialsOf, DEPLOYMENT } from './principals.ts';
import { s3 as asRoot, Bucket, bodyOf, recordKeys, recordOne } from './vault.ts';

const at = { endpoint: localAws.gateway.url, region: hub.region };
const clients = (credentials: Credentials) => ({
  s3: new S3({ ...at, credentials }),
  kms: new KMS({ ...at, credentials }),
});
type Clients = ReturnType<typeof clients>;

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
let admin: Credentials;
let [record, version, before] = ['', '', ''];

/** The properties of the object and the bucket that a successful attack would change. */
async function snapshot(): Promise<string> {
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
  before = await snapshot();
});
afterAll(async () => {
  expect(await snapshot()).toBe(before);
});

const IN_FORCE = { Mode: 'GOVERNANCE', RetainUntilDate: new Date() } as const;
const SHORT = { Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 1 } } } as const;
const EXPIRY: LifecycleRule = { Status: 'Enabled', Filter: { Prefix: '' }, Expiration: { Days: 1 } };
const OPEN = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Bucket}/*` }],
});
const object = () => ({ Bucket, Key: record });

/** Calls that would alter, hide, replace or unlock a record. */
const onRecords: { readonly [call: string]: (caller: Clients) => Promise<unknown> } = {
  'overwrites a record': ({ s3 }) => s3.putObject({ ...object(), Body: '{}' }),
  'copies to the key of a record': ({ s3 }) =>
    s3.copyObject({ ...object(), CopySource: `${Bucket}/${record}`, MetadataDirective: 'REPLACE' }),
  'overwrites a record with a multipart upload': ({ s3 }) => s3.createMultipartUpload(object()),
  'writes another object': ({ s3 }) => s3.putObject({ Bucket, Key: 'other.json', Body: '{}', IfNoneMatch: '*' }),
  'sets a delete marker': ({ s3 }) => s3.deleteObject(object()),
  'sets several delete markers': async ({ s3 }) => {
    const { Errors } = await s3.deleteObjects({ Bucket, Delete: { Objects: [{ Key: record }] } });
    throw Object.assign(new Error(), { name: Errors?.[0]?.Code ?? 'deleted' });
  },
  'deletes a version': ({ s3 }) => s3.deleteObject({ ...object(), VersionId: version }),
  'deletes a version and bypasses its lock': ({ s3 }) =>
    s3.deleteObject({ ...object(), VersionId: version, BypassGovernanceRetention: true }),
  'shortens the retention': ({ s3 }) =>
    s3.putObjectRetention({ ...object(), Retention: IN_FORCE, BypassGovernanceRetention: true }),
  'sets a legal hold': ({ s3 }) => s3.putObjectLegalHold({ ...object(), LegalHold: { Status: 'ON' } }),
};
const add =
  (key: () => string) =>
  ({ s3 }: Clients) =>
    s3.putObject({ Bucket, Key: key(), Body: '{}', IfNoneMatch: '*' });
const additions = new Map([
  ...PHASES.map((phase) => [phase, add(() => record.replace(/\/\d+-\w+\./, `/99-${phase}.`))] as const),
  ['digest', add(() => 'digests/9999999999.json')] as const,
]);

/** Calls that would weaken the bucket. */
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
  'expires records': ({ s3 }) =>
    s3.putBucketLifecycleConfiguration({ Bucket, LifecycleConfiguration: { Rules: [EXPIRY] } }),
  'deletes the lifecycle': ({ s3 }) => s3.deleteBucketLifecycle({ Bucket }),
  'encrypts with another key': ({ s3 }) =>
    s3.putBucketEncryption({
      Bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  'removes the block of public access': ({ s3 }) => s3.deletePublicAccessBlock({ Bucket }),
  'enables access control lists': ({ s3 }) =>
    s3.putBucketOwnershipControls({ Bucket, OwnershipControls: { Rules: [{ ObjectOwnership: 'ObjectWriter' }] } }),
  'stops its access log': ({ s3 }) => s3.putBucketLogging({ Bucket, BucketLoggingStatus: {} }),
  'deletes it': ({ s3 }) => s3.deleteBucket({ Bucket }),
};

const keyOf = {
  vault: async () => {
    const kms = new KMS({ ...at, credentials: rootOf(hub.account) });
    for (const { KeyId } of (await kms.listKeys({})).Keys ?? [])
      if ((await kms.describeKey({ KeyId })).KeyMetadata?.Description?.includes('encrypts the evidence')) return KeyId;
    throw new Error('The vault has no key.');
  },
  digest: async () => localAws.deployment.outputs['evenkeel-hub']?.DigestKey,
};
const onKeys: { readonly [call: string]: (caller: Clients, KeyId?: string) => Promise<unknown> } = {
  disables: ({ kms }, KeyId) => kms.disableKey({ KeyId }),
  'schedules the deletion of': ({ kms }, KeyId) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 }),
  'replaces the policy of': ({ kms }, KeyId) =>
    kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy: JSON.stringify(EVERYTHING) }),
};

const isDenied = (act: Promise<unknown>) =>
  expect(act).rejects.toMatchObject({ name: expect.stringMatching(/^AccessDenied(Exception)?$/) });

it('a record is locked for the retention in the config', async () => {
  const { Retention } = await asRoot.getObjectRetention(object());
  expect(Retention?.Mode).toBe('GOVERNANCE');
  const days = ((Retention?.RetainUntilDate?.getTime() ?? 0) - Date.now()) / 86_400_000;
  expect(Math.round(days)).toBe(config.evidence.retentionDays);
});

describe('an administrator of the hub account', () => {
  it.each(Object.entries({ ...onRecords, ...onBucket }))('is denied if it %s', async (_, act) => {
    await isDenied(act(clients(admin)));
  });
  it.each([...additions])('is denied if it adds this object: %s', (_, act) => isDenied(act(clients(admin))));
  describe.each(Object.entries(keyOf))('with the key of the %s', (_, find) => {
    it.each(Object.entries(onKeys))('is denied if it %s it', async (__, act) =>
      isDenied(act(clients(admin), await find())),
    );
  });
  it('cannot sign a digest', async () => {
    const KeyId = await keyOf.digest();
    const Message = Buffer.alloc(32);
    await isDenied(
      clients(admin).kms.sign({ KeyId, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' }),
    );
  });
  it('can read, so the denials above are not due to missing rights', async () => {
    expect((await clients(admin).s3.headObject(object())).VersionId).toBe(version);
  });
});

describe.each(functionNames)('the function %s', (step) => {
  let role: Credentials;
  beforeAll(async () => {
    role = await credentialsOf(names.hubFunction(step), admin);
  });
  it.each(Object.entries({ ...onRecords, ...onBucket }))('is denied if it %s', async (_, act) => {
    await isDenied(act(clients(role)));
  });
  const own: readonly string[] = step === 'digest' ? ['digest'] : phasesOf(step);
  it.each([...additions].filter(([what]) => !own.includes(what)))(
    'is denied if it adds this object: %s',
    async (_, act) => {
      await isDenied(act(clients(role)));
    },
  );
  it.each(Object.entries(keyOf))('is denied if it disables the key of the %s', async (_, find) => {
    for (const act of Object.values(onKeys)) await isDenied(act(clients(role), await find()));
  });
});

it('the role of the deployment cannot change a record without changing the policy first', async () => {
  const role = clients(await credentialsOf(DEPLOYMENT, admin));
  for (const act of [...Object.values(onRecords), ...additions.values()]) await isDenied(act(role));
  for (const find of Object.values(keyOf)) {
    await isDenied(role.kms.disableKey({ KeyId: await find() }));
    await isDenied(role.kms.scheduleKeyDeletion({ KeyId: await find(), PendingWindowInDays: 7 }));
  }
});
