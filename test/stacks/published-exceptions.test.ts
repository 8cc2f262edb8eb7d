import { describe, expect, it } from 'vitest';
import { exception } from '../exceptions/entries.ts';
import { admin, may } from './simulate.ts';
import { example, get, HUB, MEMBER, STRANGER, synthesise } from './synth.ts';

const ORGANIZATION = 'o-a1b2c3d4e5';
const inOrganization = get(synthesise(example()), 'Hub');
const alone = get(synthesise(example({ organization: undefined })), 'Hub');

/** Whether an administrator of an account may do something with the published register. */
function mayAct(
  hub: typeof inOrganization,
  account: string,
  action: string,
  over: { org?: string; key?: string; tls?: string } = {},
) {
  const caller = admin(account);
  const arn = hub.arn('AWS::S3::Bucket', 'PublishedExceptions');
  const [policy] = hub
    .all('AWS::S3::BucketPolicy')
    .filter(({ Properties }) => JSON.stringify(Properties.PolicyDocument).includes('EveryGate'));
  return may({
    ...caller,
    context: {
      ...caller.context,
      'aws:SecureTransport': over.tls ?? 'true',
      ...(over.org && { 'aws:PrincipalOrgID': over.org }),
    },
    action,
    resource: `${arn}/${over.key ?? 'exceptions.json'}`,
    owner: HUB,
    resourcePolicy: policy?.Properties.PolicyDocument,
  });
}

describe('the published register', () => {
  it('is read by every account of the organization, governed or not, and by no other', async () => {
    expect(await mayAct(inOrganization, MEMBER, 's3:GetObject', { org: ORGANIZATION })).toBe(true);
    expect(await mayAct(inOrganization, STRANGER, 's3:GetObject', { org: ORGANIZATION })).toBe(true);
    expect(await mayAct(inOrganization, STRANGER, 's3:GetObject', { org: 'o-zzzzzzzzzz' })).toBe(false);
    expect(await mayAct(inOrganization, STRANGER, 's3:GetObject')).toBe(false);
  });

  it('is read by the governed accounts where there is no organization', async () => {
    expect(await mayAct(alone, MEMBER, 's3:GetObject')).toBe(true);
    expect(await mayAct(alone, STRANGER, 's3:GetObject')).toBe(false);
  });

  it('is not read without TLS, and nothing else in its bucket is read, written or deleted from outside', async () => {
    const org = ORGANIZATION;
    expect(await mayAct(inOrganization, MEMBER, 's3:GetObject', { org, tls: 'false' })).toBe(false);
    expect(await mayAct(inOrganization, MEMBER, 's3:GetObject', { org, key: 'other.json' })).toBe(false);
    for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'])
      expect(await mayAct(inOrganization, MEMBER, action, { org }), action).toBe(false);
  });

  it('lies in a private bucket that keeps every version, also when the stack goes', () => {
    const { Properties, DeletionPolicy } = inOrganization.one('AWS::S3::Bucket', 'PublishedExceptions');
    expect(DeletionPolicy).toBe('Retain');
    expect(Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  it('is published anew when it changes, by the function for it, and the deployment waits', () => {
    const { Properties } = inOrganization.one('Custom::EvenkeelExceptions');
    expect(Properties).toMatchObject({
      ServiceToken: `arn:aws:lambda:eu-west-1:${HUB}:function:evenkeel-publish`,
      ServiceTimeout: '180',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    const changed = get(synthesise(example(), [exception()]), 'Hub').one('Custom::EvenkeelExceptions');
    expect(changed.Properties.sha256).not.toBe(Properties.sha256);
  });
});
