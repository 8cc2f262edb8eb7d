import { CloudFormation } from '@aws-sdk/client-cloudformation';
import { S3 } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { hub, rootOf } from '../../sandbox/accounts.ts';
import { controlOf, freshName, inspector, localAws } from './local-aws.ts';

const control = controlOf('s3-block-public-access');
const client = { endpoint: localAws.gateway.url, region: hub.region };
const blocked = { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };

/** Creates a bucket with a stack, opens it manually, and returns the origin in the evidence. */
async function originOf(properties: object, template = (body: object) => JSON.stringify(body)) {
  const BucketName = freshName('origin');
  const Resources = { Store: { Type: control.resource, Properties: { BucketName, ...properties } } };
  const formation = new CloudFormation({ ...client, credentials: rootOf(hub.account) });
  await formation.createStack({ StackName: BucketName, TemplateBody: template({ Resources }) });
  await expect
    .poll(async () => (await formation.describeStacks({ StackName: BucketName })).Stacks?.[0]?.StackStatus, {
      timeout: 30_000,
    })
    .toBe('CREATE_COMPLETE');
  await inspector.quiet();
  const since = new Date();
  await new S3({ ...client, credentials: localAws.developers[hub.account] }).deletePublicAccessBlock({
    Bucket: BucketName,
  });
  const row = await inspector.settled(control.id, BucketName, since);
  expect(row.conclusion).toMatchObject({ outcome: 'repaired' });
  return (await inspector.records(row)).map(({ origin }) => origin);
}

describe('the origin of a violation', () => {
  it('is drift if the template is compliant', async () => {
    expect(await originOf({ PublicAccessBlockConfiguration: blocked })).toEqual(['drift', 'drift']);
  });
  it('is the template if it violates the control', async () => {
    expect(await originOf({})).toEqual(['template', 'template']);
  });
  it('is unknown if the template leaves the value open', async () => {
    const yaml = (body: object) =>
      `# short\nParameters: { Open: { Type: String, Default: "true" } }\nResources: ${JSON.stringify(body).slice(13, -1)}`;
    const PublicAccessBlockConfiguration = { ...blocked, BlockPublicAcls: { Ref: 'Open' } };
    expect(await originOf({ PublicAccessBlockConfiguration }, yaml)).toEqual(['unknown', 'unknown']);
  });
});
