import { describe, expect, it } from 'vitest';
import { exception } from '../exceptions/entries.ts';
import { admin, may } from './simulate.ts';
import { example, get, HUB, MEMBER, STRANGER, synthesise } from './synth.ts';

const ORGANIZATION = 'o-a1b2c3d4e5';
const inOrganization = get(synthesise(example()), 'Hub');
const alone = get(synthesise(example({ organization: undefined })), 'Hub');

/** Whether an administrator of an account may call an action on the published exceptions. */
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

describe('the published exceptions', () => {
  it('can be read by every account of the organization, and by no other account', async () => {
    expect(await mayAct(inOrganization, MEMBER, 's3:GetObject', { org: ORGANIZATION })).toBe(true);
    expect(await mayAct(inOrganization, STRANGER, 's3:GetObject', { org: ORGANIZATION })).toBe(true);
    expect(await mayAct(inOrganization, STRANGER, 's3:GetObject', { org: 'o-zzzzzzzzzz' })).toBe(false);
    expect(await mayAct(inOrganization, STRANGER, 's3:GetObject')).toBe(false);
  });

  it('can be read by the governed accounts if there is no organization', async () => {
    expect(await mayAct(alone, MEMBER, 's3:GetObject')).toBe(true);
    expect(await mayAct(alone, STRANGER, 's3:GetObject')).toBe(false);
  });

  it('require TLS; no other object in the bucket can be read, written or deleted from other accounts', async () => {
    const org = ORGANIZATION;
    expect(await mayAct(inOrganization, MEMBER, 's3:GetObject', { org, tls: 'false' })).toBe(false);
    expect(await mayAct(inOrganization, MEMBER, 's3:GetObject', { org, key: 'other.json' })).toBe(false);
    for (const action of ['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion'])
      expect(await mayAct(inOrganization, MEMBER, action, { org }), action).toBe(false);
  });

  it('are in a private, versioned bucket that outlives the stack', () => {
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

  it('are published again when they change, and the deployment waits for it', () => {
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
