import { EC2 } from '@aws-sdk/client-ec2';
import { IAM } from '@aws-sdk/client-iam';
import { Lambda } from '@aws-sdk/client-lambda';
import { S3 } from '@aws-sdk/client-s3';
import { SQS } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { modelsIn, openModels } from '../../sandbox/gateway/models.ts';
import type { WireRequest } from '../../sandbox/gateway/types.ts';
import { nameCall, signerOf } from '../../sandbox/gateway/wire.ts';

const models = openModels(modelsIn(new URL('../../.sandbox/venv', import.meta.url).pathname));

interface Sent {
  method: string;
  hostname: string;
  path: string;
  query?: Record<string, string | string[] | null>;
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/** Client settings that capture a request instead of sending it. */
function caught(requests: WireRequest[], more: object = {}) {
  return {
    region: 'eu-west-1',
    endpoint: 'http://127.0.0.1:9',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIAUSER', secretAccessKey: 'secret' },
    requestHandler: {
      handle: async (sent: Sent) => {
        requests.push(received(sent));
        throw new Error('caught');
      },
    },
    ...more,
  };
}

function received({ method, path, query = {}, headers, body }: Sent): WireRequest {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) for (const one of [value].flat()) search.append(name, one ?? '');
  const lower = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  return { method, target: `${path}?${search}`, path, query: search, headers: lower, body: Buffer.from(body ?? '') };
}

async function named(send: (settings: ReturnType<typeof caught>) => Promise<unknown>, more: object = {}) {
  const requests: WireRequest[] = [];
  await expect(send(caught(requests, more))).rejects.toThrow('caught');
  const [request] = requests;
  const signer = request && signerOf(request);
  const call = request && signer && nameCall(request, signer, models);
  return call && { service: call.service, action: call.action, params: call.params, protocol: call.protocol };
}

describe('the operation and the parameters of a call', () => {
  it('json', async () => {
    const Attributes = { SqsManagedSseEnabled: 'true' };
    const input = { QueueUrl: 'http://127.0.0.1:9/111111111111/q', Attributes } as const;
    const call = await named((settings) => new SQS(settings).setQueueAttributes(input));
    expect(call).toEqual({ service: 'sqs', action: 'SetQueueAttributes', params: input, protocol: 'json' });
  });

  it('query: lists, structures, numbers and booleans', async () => {
    const Tags = [
      { Key: 'owner', Value: 'a' },
      { Key: 'b', Value: '' },
    ];
    const user = await named((settings) => new IAM(settings).createUser({ UserName: 'bob', Tags }));
    expect(user).toEqual({
      service: 'iam',
      action: 'CreateUser',
      params: { UserName: 'bob', Tags },
      protocol: 'query',
    });
    const policy = { MinimumPasswordLength: 6, RequireSymbols: false };
    const updated = await named((settings) => new IAM(settings).updateAccountPasswordPolicy(policy));
    expect(updated?.params).toEqual(policy);
  });

  it('ec2: nested lists', async () => {
    const input = {
      GroupId: 'sg-1',
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '0.0.0.0/0' }, { CidrIp: '10.0.0.0/8' }] },
        { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'all' }] },
      ],
    };
    const call = await named((settings) => new EC2(settings).authorizeSecurityGroupIngress(input));
    expect(call).toEqual({
      service: 'ec2',
      action: 'AuthorizeSecurityGroupIngress',
      params: input,
      protocol: 'ec2',
    });
  });

  it('rest-json: path and body', async () => {
    const input = { FunctionName: 'f', Timeout: 3, Environment: { Variables: { A: 'b' } } };
    const call = await named((settings) => new Lambda(settings).updateFunctionConfiguration(input));
    expect(call).toEqual({
      service: 'lambda',
      action: 'UpdateFunctionConfiguration',
      params: input,
      protocol: 'rest-json',
    });
  });

  it('rest-xml: sub-resources, XML payloads and objects', async () => {
    const block = { BlockPublicAcls: true, RestrictPublicBuckets: false };
    const put = await named((settings) =>
      new S3(settings).putPublicAccessBlock({ Bucket: 'b', PublicAccessBlockConfiguration: block }),
    );
    expect(put).toMatchObject({
      service: 's3',
      action: 'PutPublicAccessBlock',
      params: { Bucket: 'b', PublicAccessBlockConfiguration: block },
    });
    const policy = await named((settings) => new S3(settings).putBucketPolicy({ Bucket: 'b', Policy: '{"a":1}' }));
    expect(policy).toMatchObject({ action: 'PutBucketPolicy', params: { Bucket: 'b', Policy: '{"a":1}' } });
    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' as const }, BucketKeyEnabled: true }];
    const rules = await named((settings) =>
      new S3(settings).putBucketEncryption({ Bucket: 'b', ServerSideEncryptionConfiguration: { Rules } }),
    );
    expect(rules?.params).toMatchObject({ ServerSideEncryptionConfiguration: { Rules } });
    const object = await named((settings) => new S3(settings).putObject({ Bucket: 'b', Key: 'a/b c', Body: 'x' }));
    expect(object).toMatchObject({ action: 'PutObject', params: { Bucket: 'b', Key: 'a/b c' } });
    const copy = await named((settings) => new S3(settings).copyObject({ Bucket: 'b', Key: 'k', CopySource: 'c/d' }));
    expect(copy).toMatchObject({ action: 'CopyObject', params: { Bucket: 'b', Key: 'k', CopySource: 'c/d' } });
    const list = await named((settings) => new S3(settings).listObjectsV2({ Bucket: 'b', Prefix: 'p' }));
    expect(list).toMatchObject({ action: 'ListObjectsV2', params: { Bucket: 'b', Prefix: 'p' } });
    const buckets = await named((settings) => new S3(settings).listBuckets({}));
    expect(buckets).toMatchObject({ action: 'ListBuckets' });
  });

  it('S3 with the bucket in the host, and without the x-id parameter', () => {
    const call = nameCall(wire('DELETE', '/?publicAccessBlock', { host: 'b.s3.localhost:1' }), key('s3'), models);
    expect(call).toMatchObject({ action: 'DeletePublicAccessBlock', params: { Bucket: 'b' } });
    expect(nameCall(wire('PUT', '/b/k', {}), key('s3'), models)).toMatchObject({ action: 'PutObject' });
    expect(nameCall(wire('PUT', '/b', {}), key('s3'), models)).toMatchObject({ action: 'CreateBucket' });
    expect(nameCall(wire('GET', '/', {}), key('s3'), models)).toMatchObject({ action: 'ListBuckets' });
  });

  it('S3 Control by its path, and CloudWatch by its CBOR path', () => {
    const block = wire('DELETE', '/v20180820/configuration/publicAccessBlock', { 'x-amz-account-id': '111111111111' });
    expect(nameCall(block, key('s3'), models)).toMatchObject({
      service: 's3control',
      action: 'DeletePublicAccessBlock',
      params: { AccountId: '111111111111' },
    });
    const metric = wire('POST', '/service/GraniteServiceVersion20100801/operation/PutMetricAlarm', {});
    expect(nameCall(metric, key('monitoring'), models)).toMatchObject({
      service: 'cloudwatch',
      action: 'PutMetricAlarm',
    });
  });

  it('an unknown operation has no call, and an unsigned request has no signer', () => {
    expect(nameCall(wire('GET', '/x', {}), key('execute-api'), models)).toBeUndefined();
    expect(nameCall(wire('POST', '/', { 'x-amz-target': 'AmazonSQS.Nonsense' }), key('sqs'), models)).toBeUndefined();
    expect(signerOf(wire('GET', '/x', {}))).toBeUndefined();
    const presigned = wire('GET', '/b/k?X-Amz-Credential=AKIA%2F20260101%2Feu-west-1%2Fs3%2Faws4_request', {});
    expect(signerOf(presigned)).toEqual({ accessKey: 'AKIA', region: 'eu-west-1', scope: 's3' });
  });
});

function wire(method: string, target: string, headers: Record<string, string>): WireRequest {
  const [path = '', query = ''] = target.split('?');
  return { method, target, path, query: new URLSearchParams(query), headers, body: Buffer.alloc(0) };
}

function key(scope: string) {
  return { accessKey: 'AKIAUSER', region: 'eu-west-1', scope };
}
