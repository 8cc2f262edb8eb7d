import { S3 } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { names } from '../../lib/config/names.ts';
import { placeFor, prepare } from '../../sandbox/scenario.ts';
import { config, controlOf, freshName, inspector, localAws } from './local-aws.ts';
import { asking } from './personas.ts';

const { gateway } = localAws;

it('asks before it makes a website unavailable, although the mode is auto', async () => {
  const control = controlOf('s3-require-tls');
  const place = placeFor(config, control, 0);
  const prepared = await prepare(localAws, control, place, freshName('website'));
  const credentials = localAws.developers[place.account];
  const s3 = new S3({ endpoint: gateway.url, region: place.region, credentials, forcePathStyle: true });
  await s3.putBucketWebsite({
    Bucket: prepared.id,
    WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } },
  });
  await inspector.quiet();
  const row = await asking(control.id, prepared.id, await prepared.break());
  const [plan] = await inspector.records(row);
  expect(plan).toMatchObject({ phase: 'plan', mode: 'approve' });
  expect(plan?.because).toContainEqual({ code: 'caution', sentence: expect.stringContaining('serves a website') });
  const session = `.*:assumed-role/${names.repairRole(control.id)}/${row.execution}`;
  expect(await gateway.calls({ service: 's3', action: 'PutBucketPolicy', arn: session })).toEqual([]);
  await prepared.remove();
});
