import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const s3 = vi.hoisted(() => ({
  put: [] as { readonly Bucket: string; readonly Key: string; readonly Body: string }[],
  fails: undefined as Error | undefined,
}));
const register = vi.hoisted(() => ({ schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions: [] }));

vi.mock('@aws-sdk/client-s3', () => ({
  S3: class {
    async putObject(input: (typeof s3.put)[number]) {
      if (s3.fails) throw s3.fails;
      s3.put.push(input);
    }
  },
}));
vi.mock('../../lambdas/runtime/environment.ts', () => ({ register, variable: () => 'hub-register' }));

const { handler } = await import('../../lambdas/publish/handler.ts');

interface Answer {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly body: object;
}

/** CloudFormation's side, which refuses an answer with a content type as its signed address does. */
let answers: Answer[] = [];
let refuses = 0;
let server: Server;
let url = '';

beforeEach(async () => {
  Object.assign(s3, { put: [], fails: undefined });
  [answers, refuses] = [[], 0];
  server = createServer(async (request, response) => {
    const { method, headers } = request;
    answers.push({ method, type: headers['content-type'], body: JSON.parse(await textOf(request)) });
    response.writeHead(refuses-- > 0 ? 503 : 200).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/answer`; // it listens on a port
});
afterEach(() => new Promise((resolve) => server.close(resolve)));

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

/** As "Custom resource request objects" of the CloudFormation User Guide has them. */
const asked = (RequestType: 'Create' | 'Update' | 'Delete') => ({
  RequestType,
  RequestId: 'unique-id-for-this-request',
  ResponseURL: url,
  ResourceType: 'Custom::EvenkeelExceptions',
  LogicalResourceId: 'RegisterPublished',
  StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/evenkeel-hub/1',
  ServiceToken: 'arn',
  ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 's3://hub-register/register.json' }),
  ResourceProperties: { ServiceToken: 'arn', sha256: 'x' },
});
const publish = (type: 'Create' | 'Update' | 'Delete') =>
  handler(asked(type) as never, { functionName: 'publish' } as never); // the parts that the function reads

const known = {
  StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/evenkeel-hub/1',
  RequestId: 'unique-id-for-this-request',
  LogicalResourceId: 'RegisterPublished',
  PhysicalResourceId: 's3://hub-register/register.json',
};

describe('the register', () => {
  it.each(['Create', 'Update'] as const)('is written on %s, and CloudFormation is told', async (type) => {
    await publish(type);
    expect(s3.put).toMatchObject([{ Bucket: 'hub-register', Key: 'exceptions.json' }]);
    expect(JSON.parse(s3.put[0]?.Body ?? '')).toEqual(register);
    expect(answers).toEqual([{ method: 'PUT', type: undefined, body: { ...known, Status: 'SUCCESS' } }]);
  });

  it('stays when the stack is deleted', async () => {
    await publish('Delete');
    expect(s3.put).toEqual([]);
    expect(answers).toMatchObject([{ body: { ...known, Status: 'SUCCESS' } }]);
  });

  it('that cannot be written fails the deployment with the reason, and nothing is tried behind its back', async () => {
    s3.fails = Object.assign(new Error(`no right ${'x'.repeat(5000)}`), { name: 'AccessDenied' });
    await publish('Update');
    expect(answers).toMatchObject([
      {
        body: {
          ...known,
          Status: 'FAILED',
          Reason: expect.stringMatching(/could not be published in hub-register: AccessDenied: no right/),
        },
      },
    ]);
    expect(JSON.stringify(answers[0]?.body).length).toBeLessThan(4096);
  });

  it('is answered for again where CloudFormation could not take the answer', async () => {
    refuses = 1;
    await publish('Create');
    expect(answers).toHaveLength(2);
    expect(s3.put).toHaveLength(1);
  });
});
