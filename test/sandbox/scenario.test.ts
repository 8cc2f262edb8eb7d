import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { controls } from '../../controls/index.ts';
import { type Prepared, prepareAll } from '../../sandbox/scenario.ts';
import { run } from '../../sandbox/steps.ts';

const server = createServer((_, response) => {
  response.writeHead(400, { 'content-type': 'text/xml' });
  response.end(
    '<ErrorResponse><Error><Code>LimitExceeded</Code><Message>Too many users.</Message></Error></ErrorResponse>',
  );
});
afterEach(() => void server.close());

test('prefixes the error of a step with the name of its call', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port, never on a pipe
  const gateway = { url: `http://127.0.0.1:${port}`, backdate: async () => {} };
  const caller = {
    gateway,
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'secret' },
    place: { account: '111111111111', region: 'eu-west-1' },
  };
  const failing = run([{ call: 'iam:createUser', input: { UserName: 'bob' } }], caller, {});
  await expect(failing).rejects.toMatchObject({
    name: 'LimitExceededException',
    message: 'iam:createUser: Too many users.',
  });
});

test('prepares the other controls if the setup of one fails', async () => {
  const [first, second, third] = controls;
  if (!first || !second || !third) throw new Error('The catalogue has fewer than three controls.');
  const preparedFor = (control: Prepared['control']): Prepared => ({
    control,
    id: control.id,
    target: { account: '111111111111', region: 'eu-west-1', partition: 'aws', id: control.id },
    break: async () => new Date(),
    remove: async () => {},
  });
  const { prepared, failed } = await prepareAll([first, second, third], async (control) => {
    if (control === second) throw new Error('guardduty:createDetector: UnknownError');
    return preparedFor(control);
  });
  expect(prepared.map(({ id }) => id)).toEqual([first.id, third.id]);
  expect(failed).toEqual([{ control: second, error: new Error('guardduty:createDetector: UnknownError') }]);
});
