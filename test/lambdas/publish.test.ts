import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { failWith } from './fake-aws.ts';
import { hub } from './hub.ts';

const deployed = { schema: 'evenkeel.exceptions/v1', commit: 'c', exceptions: [] };
const written = () => hub.inputs<{ readonly Bucket: string; readonly Key: string; readonly Body: string }>('PutObject');

interface Answer {
  readonly method: string | undefined;
  readonly type: string | undefined;
  readonly body: object;
}

/** The answers that CloudFormation gets, and how many it refuses. */
let answers: Answer[] = [];
let refuses = 0;
let server: Server;
let url = '';

beforeEach(async () => {
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
  LogicalResourceId: 'ExceptionsPublished',
  StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/evenkeel-hub/1',
  ServiceToken: 'arn',
  ...(RequestType === 'Create' ? {} : { PhysicalResourceId: 's3://EVENKEEL_EXCEPTIONS/exceptions.json' }),
  ResourceProperties: { ServiceToken: 'arn', sha256: 'x' },
});
const publish = (type: 'Create' | 'Update' | 'Delete') => hub.invoke('publish', asked(type) as never); // as far as it is read

const known = {
  StackId: 'arn:aws:cloudformation:eu-west-1:111111111111:stack/evenkeel-hub/1',
  RequestId: 'unique-id-for-this-request',
  LogicalResourceId: 'ExceptionsPublished',
  PhysicalResourceId: 's3://EVENKEEL_EXCEPTIONS/exceptions.json',
};

describe('Publish', () => {
  it.each(['Create', 'Update'] as const)('writes the exceptions on %s, and reports success', async (type) => {
    await publish(type);
    expect(written()).toMatchObject([{ Bucket: 'EVENKEEL_EXCEPTIONS', Key: 'exceptions.json' }]);
    expect(JSON.parse(written()[0]?.Body ?? '')).toEqual(deployed);
    // CloudFormation's signed address allows no content type.
    expect(answers).toEqual([{ method: 'PUT', type: undefined, body: { ...known, Status: 'SUCCESS' } }]);
  });

  it('keeps the exceptions when the stack is deleted', async () => {
    await publish('Delete');
    expect(written()).toEqual([]);
    expect(answers).toMatchObject([{ body: { ...known, Status: 'SUCCESS' } }]);
  });

  it('fails the deployment with the reason when the write fails, and does not retry', async () => {
    hub.on('PutObject', failWith('AccessDenied', `no right ${'x'.repeat(5000)}`));
    await publish('Update');
    expect(written()).toHaveLength(1);
    expect(answers).toMatchObject([
      {
        body: {
          ...known,
          Status: 'FAILED',
          Reason: expect.stringMatching(/could not be published in EVENKEEL_EXCEPTIONS: AccessDenied: no right/),
        },
      },
    ]);
    expect(JSON.stringify(answers[0]?.body).length).toBeLessThan(4096);
  });

  it('sends the answer again when CloudFormation could not accept it', async () => {
    refuses = 1;
    await publish('Create');
    expect(answers).toHaveLength(2);
    expect(written()).toHaveLength(1);
  });
});
