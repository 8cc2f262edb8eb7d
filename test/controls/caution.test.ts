import { describe, expect, it, vi } from 'vitest';
import { ec2Imdsv2 } from '../../controls/ec2/ec2-imdsv2.ts';
import { iamPasswordPolicy } from '../../controls/iam/iam-password-policy.ts';
import { s3BlockPublicAccess } from '../../controls/s3/s3-block-public-access.ts';
import { s3RequireTls } from '../../controls/s3/s3-require-tls.ts';
import type { Clients, Control, ServiceName, State, Target } from '../../lib/model/control.ts';

const target: Target = { account: '111122223333', region: 'eu-west-1', partition: 'aws', id: 'name-1' };
const OWNED = { Bucket: 'name-1', ExpectedBucketOwner: '111122223333' };

/** The caution for a repair of `before`, with these answers of AWS. */
function cautionFor(control: Control, name: ServiceName, answers: Record<string, unknown>, before: State = {}) {
  const desired = control.repair?.desired(before, control.parameters ?? {}, new Date()) ?? {};
  // The test must not call methods that are missing here.
  const clients = { [name]: answers } as unknown as Clients;
  return control.repair?.circumstances?.caution(clients, target, before, desired);
}

const refusing = (name: string) => async () => {
  throw Object.assign(new Error('Refused.'), { name });
};

describe('a repair that requires TLS', () => {
  const before = { Arn: 'arn:aws:s3:::name-1' };
  const withWebsite = (getBucketWebsite: unknown) => cautionFor(s3RequireTls, 's3', { getBucketWebsite }, before);

  it('needs an approval if the bucket serves a website', async () => {
    const getBucketWebsite = vi.fn(async () => ({ IndexDocument: { Suffix: 'index.html' } }));
    expect(await withWebsite(getBucketWebsite)).toEqual({
      maxMode: 'approve',
      because:
        'The bucket serves a website, whose endpoint accepts HTTP only, so the repair makes the website unavailable.',
    });
    expect(getBucketWebsite).toHaveBeenCalledExactlyOnceWith(OWNED);
    expect(s3RequireTls.repair?.circumstances?.actions).toEqual(['s3:GetBucketWebsite']);
  });

  it('needs no approval if the bucket has no website', async () => {
    expect(await withWebsite(refusing('NoSuchWebsiteConfiguration'))).toBeUndefined();
  });

  it.each([
    ['cannot be read', 'AccessDenied', 'Refused.'],
    ['is gone', 'NoSuchBucket', 'website'],
  ])('does not guess whether the bucket has a website if it %s', async (_how, name, message) => {
    await expect(withWebsite(refusing(name))).rejects.toThrow(message);
  });
});

describe('a repair that blocks public access', () => {
  const isPublic = (IsPublic: boolean) => vi.fn(async () => ({ PolicyStatus: { IsPublic } }));
  const grants = (...URIs: string[]) =>
    vi.fn(async () => ({
      Grants: [
        { Grantee: { Type: 'CanonicalUser', ID: 'owner' }, Permission: 'FULL_CONTROL' },
        ...URIs.map((URI) => ({ Grantee: { Type: 'Group', URI }, Permission: 'READ' })),
      ],
    }));
  const withAccess = (getBucketPolicyStatus: unknown, getBucketAcl: unknown) =>
    cautionFor(s3BlockPublicAccess, 's3', { getBucketPolicyStatus, getBucketAcl });
  const caution = (cause: string) => ({
    maxMode: 'approve',
    because: `The bucket's ${cause} grants public access, which the repair blocks.`,
  });

  it('needs an approval if the bucket policy is public', async () => {
    const [status, acl] = [isPublic(true), grants()];
    expect(await withAccess(status, acl)).toEqual(caution('policy'));
    for (const read of [status, acl]) expect(read).toHaveBeenCalledExactlyOnceWith(OWNED);
    expect(s3BlockPublicAccess.repair?.circumstances?.actions).toEqual(['s3:GetBucketPolicyStatus', 's3:GetBucketAcl']);
  });

  it.each(['AllUsers', 'AuthenticatedUsers'])('needs an approval if the ACL names %s', async (group) => {
    const acl = grants(`http://acs.amazonaws.com/groups/global/${group}`);
    expect(await withAccess(isPublic(false), acl)).toEqual(caution('ACL'));
    expect(await withAccess(isPublic(true), acl)).toEqual(caution('policy'));
  });

  it('needs no approval if the bucket is not public', async () => {
    const acl = grants('http://acs.amazonaws.com/groups/s3/LogDelivery');
    expect(await withAccess(isPublic(false), acl)).toBeUndefined();
    expect(await withAccess(refusing('NoSuchBucketPolicy'), acl)).toBeUndefined();
  });

  it.each([
    ['the policy status cannot be read', refusing('AccessDenied'), grants(), 'Refused.'],
    ['the ACL cannot be read', isPublic(false), refusing('AccessDenied'), 'Refused.'],
    ['the bucket is gone', refusing('NoSuchBucket'), refusing('NoSuchBucket'), 'publicAccess is unknown'],
  ])('does not guess whether the bucket is public if %s', async (_why, status, acl, message) => {
    await expect(withAccess(status, acl)).rejects.toThrow(message);
  });
});

describe('a repair that requires IMDSv2', () => {
  const withHopLimit = (HttpPutResponseHopLimit?: number) => {
    const instance = {
      State: { Name: 'running' },
      MetadataOptions: { HttpTokens: 'optional', HttpPutResponseHopLimit },
    };
    const describeInstances = async () => ({ Reservations: [{ Instances: [instance] }] });
    return cautionFor(ec2Imdsv2, 'ec2', { describeInstances }, { MetadataOptions: { HttpTokens: 'optional' } });
  };

  it('warns of containers that no token reaches, but needs no approval for this default of EC2', async () => {
    expect(await withHopLimit(1)).toEqual({
      because:
        'The hop limit of the instance is 1, so containers on it may lose access to the instance metadata and its credentials.',
    });
  });

  it('does not warn if tokens reach containers', async () => {
    expect(await withHopLimit(2)).toBeUndefined();
    expect(await withHopLimit()).toBeUndefined();
  });
});

describe('a repair of the password policy', () => {
  const policy = { HardExpiry: true, AllowUsersToChangePassword: true, MinimumPasswordLength: 8 };
  const withPolicy = (change: object) =>
    cautionFor(iamPasswordPolicy, 'iam', {}, { PasswordPolicy: { ...policy, ...change } });

  it.each([
    ['a new expiry', {}],
    ['a new expiry in place of none', { MaxPasswordAge: 0 }],
    ['an earlier expiry', { MaxPasswordAge: 365 }],
  ])('needs an approval for %s that locks users out', async (_what, change) => {
    expect(await withPolicy(change)).toEqual({
      maxMode: 'approve',
      because:
        'The policy has a hard expiry, so console users with a password older than 90 days are locked out until an administrator resets it.',
    });
  });

  it.each([
    ['keeps the expiry', { MaxPasswordAge: 90 }],
    ['keeps an earlier expiry', { MaxPasswordAge: 45 }],
    ['lets users set a new password after the expiry', { HardExpiry: false }],
    ['has no such setting', { HardExpiry: undefined }],
  ])('needs no approval if it %s', async (_what, change) => {
    expect(await withPolicy(change)).toBeUndefined();
  });

  it('needs no approval for a new policy, which has no hard expiry', async () => {
    expect(await cautionFor(iamPasswordPolicy, 'iam', {}, {})).toBeUndefined();
    expect(iamPasswordPolicy.repair?.circumstances?.actions).toEqual([]);
  });
});
