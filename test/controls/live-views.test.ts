import { describe, expect, it, vi } from 'vitest';
import { ec2Imdsv2 } from '../../controls/ec2/ec2-imdsv2.ts';
import { liveMetadata } from '../../controls/ec2/instance-metadata.ts';
import { iamAccessKeyAge } from '../../controls/iam/iam-access-key-age.ts';
import { iamPasswordPolicy } from '../../controls/iam/iam-password-policy.ts';
import { kmsKeyRotation } from '../../controls/kms/kms-key-rotation.ts';
import { rdsNotPublic } from '../../controls/rds/rds-not-public.ts';
import { rdsStorageEncryption } from '../../controls/rds/rds-storage-encryption.ts';
import { s3BlockPublicAccess } from '../../controls/s3/s3-block-public-access.ts';
import { s3RequireTls } from '../../controls/s3/s3-require-tls.ts';
import type { Clients, ServiceName, Target } from '../../lib/model/control.ts';

const target: Target = { account: '111122223333', region: 'eu-west-1', partition: 'aws', id: 'name-1' };

/** A client with these responses; any other call fails. */
function client<Name extends ServiceName>(name: Name, answers: Record<string, unknown>): Clients<Name> {
  // The test must not call methods that are missing here.
  return { [name]: answers } as unknown as Clients<Name>;
}

function refusing(name: string) {
  return vi.fn(async () => {
    throw Object.assign(new Error('Refused.'), { name });
  });
}

describe('EC2 instance metadata', () => {
  const options = { HttpTokens: 'required', HttpEndpoint: 'enabled' } as const;

  it('is omitted while EC2 applies a change to a running instance', () => {
    expect(liveMetadata({ State: { Name: 'running' }, MetadataOptions: { ...options, State: 'pending' } })).toEqual({
      MetadataOptions: { HttpEndpoint: 'enabled' },
    });
    expect(liveMetadata({ State: { Name: 'running' }, MetadataOptions: { ...options, State: 'applied' } })).toEqual({
      MetadataOptions: options,
    });
  });

  it('of a stopped instance is the value for its next start', () => {
    expect(liveMetadata({ State: { Name: 'stopped' }, MetadataOptions: { ...options, State: 'pending' } })).toEqual({
      MetadataOptions: options,
    });
  });

  it('is not read for an instance that is terminating', async () => {
    const describeInstances = async () => ({
      Reservations: [{ Instances: [{ State: { Name: 'shutting-down' }, MetadataOptions: options }] }],
    });
    expect(await ec2Imdsv2.observe.read(client('ec2', { describeInstances }), target)).toBeUndefined();
  });

  it('is written without touching the endpoint', async () => {
    const modifyInstanceMetadataOptions = vi.fn(async () => ({}));
    const from = { MetadataOptions: { HttpTokens: 'optional', HttpEndpoint: 'enabled' } } as const;
    await ec2Imdsv2.repair?.write(
      client('ec2', { modifyInstanceMetadataOptions }),
      target,
      { MetadataOptions: options },
      from,
    );
    expect(modifyInstanceMetadataOptions).toHaveBeenCalledExactlyOnceWith({
      InstanceId: 'name-1',
      HttpTokens: 'required',
    });
  });
});

describe('a write of EC2 instance metadata', () => {
  const write = (modifyInstanceMetadataOptions: unknown) =>
    ec2Imdsv2.repair?.write(
      client('ec2', { modifyInstanceMetadataOptions }),
      target,
      { MetadataOptions: { HttpTokens: 'required' } },
      { MetadataOptions: { HttpTokens: 'optional' } },
    );

  it('is pending while the instance starts or stops', async () => {
    expect(await write(refusing('IncorrectInstanceState'))).toBe('pending');
  });

  it('throws if EC2 rejects the change for another reason', async () => {
    await expect(write(refusing('UnauthorizedOperation'))).rejects.toThrow('Refused.');
  });

  it('is not pending once EC2 accepted it', async () => {
    expect(await write(async () => ({}))).toBeUndefined();
  });
});

describe('an IAM access key', () => {
  const key = (Status: 'Active' | 'Inactive') => ({ CreateDate: '2020-01-01T00:00:00.000Z', Status });

  it('is written only if it differs and still exists', async () => {
    const updateAccessKey = refusing('NoSuchEntityException');
    const from = { AccessKeys: { AKIAOLD: key('Active'), AKIANEW: key('Active') } };
    const to = { AccessKeys: { ...from.AccessKeys, AKIAOLD: key('Inactive'), AKIAGONE: key('Inactive') } };
    await iamAccessKeyAge.repair?.write(client('iam', { updateAccessKey }), target, to, from);
    expect(updateAccessKey.mock.calls).toEqual([[{ UserName: 'name-1', AccessKeyId: 'AKIAOLD', Status: 'Inactive' }]]);
  });

  it('is not read for a deleted user', async () => {
    const clients = client('iam', { listAccessKeys: refusing('NoSuchEntityException') });
    expect(await iamAccessKeyAge.observe.read(clients, target)).toBeUndefined();
  });
});

describe('the password policy', () => {
  it('is read with all writable fields', async () => {
    const PasswordPolicy = {
      MinimumPasswordLength: 8,
      RequireSymbols: false,
      ExpirePasswords: false,
      HardExpiry: true,
    };
    const clients = client('iam', { getAccountPasswordPolicy: async () => ({ PasswordPolicy }) });
    expect(await iamPasswordPolicy.observe.read(clients, target)).toEqual({
      PasswordPolicy: { MinimumPasswordLength: 8, RequireSymbols: false, HardExpiry: true },
    });
  });

  it('is deleted by a rollback to no policy, and may already be deleted', async () => {
    const deleteAccountPasswordPolicy = refusing('NoSuchEntityException');
    await iamPasswordPolicy.repair?.write(client('iam', { deleteAccountPasswordPolicy }), target, {}, {});
    expect(deleteAccountPasswordPolicy).toHaveBeenCalledOnce();
  });
});

describe('a KMS key', () => {
  const own = { KeyManager: 'CUSTOMER', KeyState: 'Enabled', KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' };
  const reading = (KeyMetadata: object) =>
    kmsKeyRotation.observe.read(
      client('kms', {
        describeKey: async () => ({ KeyMetadata }),
        getKeyRotationStatus: async () => ({ KeyRotationEnabled: false }),
      }),
      target,
    );

  it('that is customer managed is subject to rotation', async () => {
    expect(await reading(own)).toEqual({ EnableKeyRotation: false, KeySpec: 'SYMMETRIC_DEFAULT', Origin: 'AWS_KMS' });
  });

  it.each([
    ['is AWS managed', { KeyManager: 'AWS' }],
    ['is disabled', { KeyState: 'Disabled' }],
    ['is scheduled for deletion', { KeyState: 'PendingDeletion' }],
    ['is asymmetric', { KeySpec: 'RSA_2048' }],
    ['has imported key material', { Origin: 'EXTERNAL' }],
    ['is a replica', { MultiRegionConfiguration: { MultiRegionKeyType: 'REPLICA' } }],
  ])('is not subject to rotation if it %s', async (_reason, change) => {
    expect(await reading({ ...own, ...change })).toBeUndefined();
  });

  it.each(['KMSInvalidStateException', 'NotFoundException'])(
    'that goes while it is read is passed over: %s',
    async (name) => {
      const clients = client('kms', {
        describeKey: async () => ({ KeyMetadata: own }),
        getKeyRotationStatus: refusing(name),
      });
      expect(await kmsKeyRotation.observe.read(clients, target)).toBeUndefined();
    },
  );

  it('is not considered deleted if its policy denies access', async () => {
    const clients = client('kms', { describeKey: refusing('AccessDeniedException') });
    await expect(kmsKeyRotation.observe.read(clients, target)).rejects.toThrow('Refused.');
  });

  it('keeps its rotation period if rotation is already enabled', async () => {
    const state = { EnableKeyRotation: true };
    expect(await kmsKeyRotation.repair?.write(client('kms', {}), target, state, state)).toBeUndefined();
  });
});

describe('a bucket', () => {
  const reads = [
    [
      's3-block-public-access',
      (refused: unknown) => s3BlockPublicAccess.observe.read(client('s3', { getPublicAccessBlock: refused }), target),
    ],
    [
      's3-require-tls',
      (refused: unknown) => s3RequireTls.observe.read(client('s3', { getBucketPolicy: refused }), target),
    ],
  ] as const;

  it.each(reads)('is not read if it is deleted or in another region: %s', async (_id, read) => {
    for (const name of ['NoSuchBucket', 'PermanentRedirect', 'AuthorizationHeaderMalformed'])
      expect(await read(refusing(name))).toBeUndefined();
  });

  it.each(reads)('is not considered deleted if access is denied: %s', async (_id, read) => {
    await expect(read(refusing('AccessDenied'))).rejects.toThrow('Refused.');
  });

  it('without a configuration has an empty state', async () => {
    const none = client('s3', { getPublicAccessBlock: refusing('NoSuchPublicAccessBlockConfiguration') });
    expect(await s3BlockPublicAccess.observe.read(none, target)).toStrictEqual({});
    const empty = client('s3', { getPublicAccessBlock: async () => ({}) });
    expect(await s3BlockPublicAccess.observe.read(empty, target)).toStrictEqual({});
    expect(
      await s3RequireTls.observe.read(client('s3', { getBucketPolicy: refusing('NoSuchBucketPolicy') }), target),
    ).toStrictEqual({
      Arn: 'arn:aws:s3:::name-1',
    });
  });

  it('is listed from all pages, in its own region only', async () => {
    const listBuckets = vi.fn(async ({ ContinuationToken }: { ContinuationToken?: string }) =>
      ContinuationToken ? { Buckets: [{ Name: 'b' }] } : { Buckets: [{ Name: 'a' }], ContinuationToken: 'more' },
    );
    const found = [];
    for await (const { id } of s3RequireTls.observe.list(client('s3', { listBuckets }), target)) found.push(id);
    expect(found).toEqual(['a', 'b']);
    expect(listBuckets).toHaveBeenLastCalledWith({
      BucketRegion: 'eu-west-1',
      MaxBuckets: 1000,
      ContinuationToken: 'more',
    });
  });
});

describe('an RDS instance', () => {
  const write = (modifyDBInstance: unknown) =>
    rdsNotPublic.repair?.write(client('rds', { modifyDBInstance }), target, { PubliclyAccessible: false }, {});

  it('is changed without any other pending change', async () => {
    const modifyDBInstance = vi.fn(async () => ({}));
    expect(await write(modifyDBInstance)).toBe('pending');
    expect(modifyDBInstance.mock.calls).toEqual([[{ DBInstanceIdentifier: 'name-1', PubliclyAccessible: false }]]);
  });

  it('is pending while RDS applies another change', async () => {
    expect(await write(refusing('InvalidDBInstanceStateFault'))).toBe('pending');
  });

  it('throws if RDS rejects the change for another reason', async () => {
    await expect(write(refusing('AccessDeniedException'))).rejects.toThrow('Refused.');
  });

  it('is not read while RDS deletes it', async () => {
    const describeDBInstances = async () => ({
      DBInstances: [{ DBInstanceStatus: 'deleting', PubliclyAccessible: true }],
    });
    expect(await rdsNotPublic.observe.read(client('rds', { describeDBInstances }), target)).toBeUndefined();
  });

  describe.each([
    ['rds-not-public', rdsNotPublic],
    ['rds-storage-encryption', rdsStorageEncryption],
  ])('of %s', (_id, { observe }) => {
    const found = (more: object) => {
      const one = { DBInstanceIdentifier: 'name-1', DBInstanceStatus: 'available', PubliclyAccessible: true, ...more };
      return client('rds', { describeDBInstances: async () => ({ DBInstances: [one] }) });
    };
    const listed = async (more: object) => {
      const ids = [];
      for await (const { id } of observe.list(found(more), target)) ids.push(id);
      return ids;
    };

    it.each([
      ['a member of a Multi-AZ DB cluster', { Engine: 'postgres', DBClusterIdentifier: 'orders' }],
      ['an instance of Neptune', { Engine: 'neptune', DBClusterIdentifier: 'graph' }],
      ['an instance of DocumentDB', { Engine: 'docdb', DBClusterIdentifier: 'documents' }],
    ])('ignores %s', async (_what, more) => {
      expect(await observe.read(found(more), target)).toBeUndefined();
      expect(await listed(more)).toEqual([]);
    });

    it.each([
      ['a single instance', { Engine: 'postgres' }],
      ['a member of an Aurora cluster', { Engine: 'aurora-postgresql', DBClusterIdentifier: 'orders' }],
      ['a member of an Aurora MySQL cluster', { Engine: 'aurora-mysql', DBClusterIdentifier: 'orders' }],
    ])('covers %s', async (_what, more) => {
      expect(await observe.read(found(more), target)).toBeDefined();
      expect(await listed(more)).toEqual(['name-1']);
    });
  });
});
