import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { ConfigService } from '@aws-sdk/client-config-service';
import { EC2 } from '@aws-sdk/client-ec2';
import { KMS } from '@aws-sdk/client-kms';
import { S3 } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { gatewayClient } from '../../sandbox/gateway/client.ts';
import { alice, type GatewaySetup, root, rootByName, startGatewayOnFakes } from './fake-emulators.ts';

let setup: GatewaySetup;
let may: boolean;

beforeEach(async () => {
  may = true;
  const denied = '<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>';
  setup = await startGatewayOnFakes({ may: () => (may ? { status: 204 } : { status: 403, body: denied }) });
});
afterEach(() => setup.stop());

describe('the backends', () => {
  it('are moto for EC2, in the caller’s account, and MiniStack for CloudTrail and S3', async () => {
    await new EC2(alice(setup)).describeVpcs({});
    await new CloudTrail(alice(setup)).describeTrails({}).catch(() => undefined);
    await new S3(alice(setup)).listBuckets({});
    expect(setup.moto.map(({ headers }) => headers['x-moto-account-id'])).toEqual(['111111111111']);
    expect(setup.ministack).toHaveLength(2);
  });

  it('get requests with their host and a header for TLS', async () => {
    await new S3(alice(setup)).getBucketPolicy({ Bucket: 'b' });
    const { headers, path } = setup.ministack[0] ?? {};
    expect(path).toMatch(/^\/b\/?\?policy/);
    expect(headers).toMatchObject({ host: new URL(setup.gateway.url).host, 'x-forwarded-proto': 'https' });
  });

  it('get unsigned requests, which are not AWS calls', async () => {
    const answer = await fetch(`${setup.gateway.url}/_aws/execute-api/x/y?z=1`, { method: 'POST', body: 'hello' });
    expect(answer.status).toBe(200);
    expect(setup.ministack[0]).toMatchObject({ path: '/_aws/execute-api/x/y?z=1', body: 'hello' });
    expect(await setup.gateway.calls()).toEqual([]);
  });

  it('answer after MiniStack authorized the caller; root needs no authorization', async () => {
    await new EC2(root(setup)).describeVpcs({});
    expect(setup.rights).toHaveLength(0);
    may = false;
    await expect(new EC2(alice(setup)).describeVpcs({})).rejects.toThrow(
      expect.objectContaining({ name: 'UnauthorizedOperation' }),
    );
    await expect(new ConfigService(alice(setup)).describeConfigRules({})).rejects.toThrow();
    await expect(new EC2(rootByName(setup)).describeVpcs({})).rejects.toThrow();
    expect(setup.rights).toHaveLength(3);
    expect(setup.moto).toHaveLength(1);
    const calls = await setup.gateway.calls({ session: 'alice' });
    expect(calls.map(({ status, effect }) => [status, effect])).toEqual([
      [403, false],
      [403, false],
    ]);
  });

  it('cause an error of the gateway if they do not run', async () => {
    const lost = await startGatewayOnFakes({}, { moto: () => new URL('http://127.0.0.1:1') });
    await expect(new EC2(root(lost)).describeVpcs({})).rejects.toThrow();
    const answer = await fetch(lost.gateway.url, {
      headers: { authorization: 'AWS4-HMAC-SHA256 Credential=111111111111/20260101/eu-west-1/ec2/aws4_request' },
    });
    expect(answer.status).toBe(502);
    expect(await answer.text()).toContain("The sandbox's gateway failed: connect ECONNREFUSED 127.0.0.1:1");
    await lost.stop();
  });
});

describe('the log', () => {
  it('has the caller of each call, and filters by pattern', async () => {
    await new KMS(alice(setup)).listKeys({});
    await new KMS(root(setup)).disableKeyRotation({ KeyId: 'k' });
    const [first, second] = await setup.gateway.calls();
    expect(first).toMatchObject({
      service: 'kms',
      action: 'ListKeys',
      account: '111111111111',
      region: 'eu-west-1',
      session: 'alice',
      arn: 'arn:aws:iam::111111111111:user/alice',
      status: 200,
      requestId: 'request-1',
      effect: true,
    });
    expect(second).toMatchObject({ action: 'DisableKeyRotation', session: 'root' });
    expect(await setup.gateway.calls({ action: 'List' })).toEqual([]);
    expect(await setup.gateway.calls({ action: 'List.*' })).toEqual([first]);
    expect(await setup.gateway.calls({ since: first?.seq })).toEqual([second]);
    await setup.gateway.clearCalls();
    expect(await setup.gateway.calls()).toEqual([]);
  });

  it('keeps calls that no model has', async () => {
    const authorization = 'AWS4-HMAC-SHA256 Credential=AKIAUSER/20260101/eu-west-1/made-up/aws4_request';
    await fetch(`${setup.gateway.url}/x`, { headers: { authorization } });
    expect(await setup.gateway.calls()).toMatchObject([{ service: 'made-up', action: '?', status: 200 }]);
    expect((await setup.gateway.status()).unnamed).toEqual({ 'made-up GET /x': 1 });
  });
});

describe('over HTTP', () => {
  it('the client has the same methods', async () => {
    const client = gatewayClient(setup.gateway.url);
    await client.inject({ kind: 'denied', service: 'kms' });
    await expect(new KMS(alice(setup)).listKeys({})).rejects.toThrow();
    expect(await client.calls({ service: 'kms' })).toEqual(await setup.gateway.calls());
    expect(await client.faults()).toMatchObject([{ kind: 'denied', struck: 1 }]);
    await client.clearFaults();
    expect(await client.faults()).toEqual([]);
    await client.settled();
    expect((await client.status()).calls).toBe(1);
    // @ts-expect-error: a caller in another language may send anything
    await expect(client.inject({ kind: 'flood' })).rejects.toThrow('Unknown fault');
  });

  it('a GET request has its filter in the URL', async () => {
    await new KMS(alice(setup)).listKeys({});
    const answer = await fetch(`${setup.gateway.url}/_evenkeel/calls?service=kms&since=0`);
    expect(await answer.json()).toMatchObject([{ action: 'ListKeys' }]);
    const wrong = await fetch(`${setup.gateway.url}/_evenkeel/call`);
    expect(wrong.status).toBe(404);
    expect(await wrong.text()).toContain('Available: calls, ');
  });
});
