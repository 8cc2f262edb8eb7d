import { Lambda } from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import type { HookAnswer } from '../../lambdas/hook/answer.ts';
import { rootOf } from '../../sandbox/accounts.ts';
import { resourceRequest, stackPayload, stackRequest } from '../lambdas/hook-events.ts';
import { served } from '../lambdas/hook-server.ts';
import { localAws } from './local-aws.ts';

/** The local AWS has the hook in one account. Its CloudFormation does not invoke hooks, so the test does. */
const lambda = new Lambda({ endpoint: localAws.gateway.url, region: 'eu-west-1', credentials: rootOf('222222222222') });

async function ask(request: unknown): Promise<HookAnswer> {
  const { FunctionError, Payload } = await lambda.invoke({
    FunctionName: 'evenkeel-hook',
    Payload: JSON.stringify(request),
  });
  expect(FunctionError).toBeUndefined();
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

const inStack = (payload: string, name = 'MyStack') => ({
  ...stackRequest,
  stackId: stackRequest.stackId.replace('MyStack', name),
  requestData: { ...stackRequest.requestData, payload },
});
const token = { clientRequestToken: stackRequest.clientRequestToken };

describe('the deployed hook', () => {
  it('fails for certain violations in a resource and in a template', async () => {
    const bucket = { targetName: 'AWS::S3::Bucket', targetType: 'AWS::S3::Bucket', targetLogicalId: 'Store' };
    const requestData = { ...bucket, targetModel: { resourceProperties: { BucketName: 'b' } } };
    expect(await ask({ ...resourceRequest, ...token, requestData })).toMatchObject({
      hookStatus: 'FAILED',
      errorCode: 'NonCompliant',
      ...token,
      annotations: [{ annotationName: 's3-block-public-access', status: 'FAILED' }],
    });
    expect(await ask(inStack(served(stackPayload)))).toMatchObject({
      hookStatus: 'FAILED',
      annotations: [{ annotationName: 's3-require-tls', status: 'FAILED' }],
    });
  });

  it('passes resources without a control, the stacks of Evenkeel, and payloads that it cannot read', async () => {
    expect(await ask(resourceRequest)).toMatchObject({ hookStatus: 'SUCCESS' });
    expect(await ask(inStack(served(stackPayload), 'evenkeel-region'))).toMatchObject({ hookStatus: 'SUCCESS' });
    const broken = await ask(inStack(served((_, response) => response.writeHead(403).end())));
    expect(broken).toMatchObject({
      hookStatus: 'SUCCESS',
      message: expect.stringContaining('S3 returned status 403'),
      ...token,
    });
  });
});
