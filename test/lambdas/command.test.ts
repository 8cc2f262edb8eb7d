import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Execution } from '../../lambdas/store/executions.ts';
import { eventSchemas } from '../../lib/events/schema.ts';
import type { SealedRecord } from '../../lib/evidence/record.ts';

/** The state table around Order, as a test scripts it. */
const hub = vi.hoisted(() => ({
  changes: [] as object[],
  written: [] as SealedRecord[],
  told: [] as object[],
  closed: [] as string[],
  counted: [] as string[],
  refuses: false,
  busFails: false,
}));
const target = { account: '222222222222', region: 'r', partition: 'aws', id: 'x' };

vi.mock('../../lambdas/runtime/environment.ts', () => ({
  settings: {
    commit: 'c',
    hub: { account: '111111111111', region: 'eu-west-1', partition: 'aws' },
    identities: {},
    accounts: { '222222222222': { modes: {}, circuitBreaker: { minutes: 60, repairs: 50, failures: 10 } } },
  },
}));
vi.mock('@aws-sdk/client-iam', () => ({ IAM: class {} }));
vi.mock('../../lambdas/runtime/step.ts', async (original) => ({
  ...(await original<typeof import('../../lambdas/runtime/step.ts')>()),
  count: (metric: string, control: string) => void hub.counted.push(`${metric} ${control}`),
}));
vi.mock('../../lambdas/runtime/publish-event.ts', () => ({
  publish: async (_type: string, detail: object) => {
    if (hub.busFails) throw new Error('no bus');
    hub.told.push(detail);
  },
}));
vi.mock('../../lambdas/store/executions.ts', () => ({
  getExecution: async (id: string) => {
    if (id.length > 2000) throw new Error('DynamoDB takes no such key');
    if (id !== 'held') return undefined;
    return { execution: id, control: 'c', target, machine: 'm', phase: 'settled', approvalToken: 'secret', body: '{}' };
  },
  registerCommand: async (_execution: Execution, _record: SealedRecord, changes: readonly object[]) => {
    if (hub.refuses) throw Object.assign(new Error('not so'), { name: 'TransactionCanceledException' });
    hub.changes.push(...changes);
  },
  closeCommand: async ({ execution }: Execution) => void hub.closed.push(execution),
}));
vi.mock('../../lambdas/evidence/vault.ts', () => ({
  write: async (record: SealedRecord) => void hub.written.push(record),
}));

const { handler } = await import('../../lambdas/command/handler.ts');
const alice = 'arn:aws:iam::111111111111:user/alice';
const session = 'arn:aws:sts::111111111111:assumed-role/on-call/anybody';

async function say(routeKey: string, over: object = {}, userArn: string | undefined = alice) {
  const { statusCode: status, body = '' } = await handler(
    {
      routeKey,
      pathParameters: { execution: 'held', account: '222222222222' },
      body: JSON.stringify({ reason: 'an incident' }),
      isBase64Encoded: false,
      requestContext: { requestId: 'r-1', authorizer: { iam: { userArn } } },
      ...over,
    } as never,
    { functionName: 'command' } as never,
  );
  return { status, said: JSON.parse(body) };
}
const RELEASE = 'POST /executions/{execution}/release';
const RELEASE_ACCOUNT = 'POST /accounts/{account}/release';

beforeEach(() =>
  Object.assign(hub, { changes: [], written: [], told: [], closed: [], counted: [], refuses: false, busFails: false }),
);

describe('an order', () => {
  it.each([
    ['POST /halt', 'halt', [{ Put: { Item: { pk: 'halt', by: 'user/111111111111/alice', reason: 'an incident' } } }]],
    ['DELETE /halt', 'resume', [{ Delete: { Key: { pk: 'halt' } } }]],
    [
      RELEASE,
      'release',
      [
        { Delete: { Key: { pk: 'hold#c#222222222222#r#x' }, ConditionExpression: 'attribute_exists(pk)' } },
        { Delete: { Key: { pk: 'history#c#222222222222#r#x' } } },
      ],
    ],
    [
      RELEASE_ACCOUNT,
      'release-account',
      [
        { Delete: { Key: { pk: 'circuit-breaker#222222222222' }, ConditionExpression: 'attribute_exists(pk)' } },
        ...Array.from({ length: 7 }, () => ({
          Delete: { Key: { pk: expect.stringMatching(/^outcome-count#222222222222#\d+$/) } },
        })),
      ],
    ],
  ])('%s is carried out and recorded', async (route, kind, changes) => {
    const { status, said } = await say(route);
    expect([status, said.kind, said.by]).toEqual([200, kind, 'user/111111111111/alice']);
    expect(hub.changes).toMatchObject(changes);
    expect(hub.written.map(({ key }) => key)).toEqual([said.evidence]);
    expect(JSON.parse(hub.written[0]?.body ?? '')).toMatchObject({
      phase: 'command',
      n: 1,
      outcome: 'accepted',
      order: { kind, by: 'user/111111111111/alice', identity: alice, reason: 'an incident' },
    });
  });

  it.each([
    ['ok', 'The request body is invalid: reason must hold at least 3 characters.'],
    [undefined, /^The request body is invalid: reason Invalid input/],
  ])('says what is wrong with a body, in one plain sentence: %j', async (reason, words) => {
    const { status, said } = await say('POST /halt', { body: JSON.stringify({ reason }) });
    expect([status, said.refused]).toEqual([400, expect.stringMatching(words)]);
    expect(hub.written).toEqual([]);
  });

  it('is told to people, with the resource that it is about', async () => {
    const { said } = await say(RELEASE);
    const order = { version: '1', kind: 'release', identity: alice, evidence: said.evidence };
    expect(hub.told).toMatchObject([{ ...order, control: 'c', target }]);
    expect(Object.keys(hub.told[0] ?? {}).sort()).toEqual([
      'at',
      'by',
      'control',
      'evidence',
      'execution',
      'identity',
      'kind',
      'reason',
      'resources',
      'target',
      'version',
    ]); // and nothing else that the table knows of the execution, such as the token of its machine
    await say('POST /halt');
    expect(hub.told[1]).not.toHaveProperty('target');
    for (const told of hub.told)
      expect(eventSchemas['Evenkeel Command'].safeParse(JSON.parse(JSON.stringify(told))).error).toBeUndefined();
  });

  it('to release counts as a false positive of the control, and others do not', async () => {
    await say(RELEASE);
    await say('POST /halt');
    await say('DELETE /halt');
    await say(RELEASE_ACCOUNT);
    expect(hub.counted).toEqual(['falsePositive c']);
  });

  it('that nobody could be told of is carried out all the same, the person hears so, and it stays open', async () => {
    hub.busFails = true;
    expect(await say('POST /halt')).toMatchObject({ status: 200 });
    expect([hub.written.length, hub.closed.length]).toEqual([1, 0]);
    hub.busFails = false;
    await say('POST /halt');
    expect(hub.closed).toHaveLength(1);
  });

  it('to halt is taken from whoever IAM lets, for it cannot wait', async () => {
    expect(await say('POST /halt', {}, session)).toMatchObject({ status: 200, said: { by: session } });
  });

  it.each(['DELETE /halt', RELEASE, RELEASE_ACCOUNT])('%s is taken from people only', async (route) => {
    expect(await say(route, {}, session)).toMatchObject({ status: 403 });
    expect(hub.changes).toEqual([]);
    expect(hub.written).toEqual([]);
  });

  it('is taken from nobody whom AWS does not name', async () => {
    expect(await say('POST /halt', { requestContext: {} })).toMatchObject({ status: 403 });
    expect(hub.changes).toEqual([]);
  });

  it('that changes nothing is refused, and leaves no record', async () => {
    hub.refuses = true;
    expect(await say('POST /halt')).toMatchObject({ status: 409, said: { refused: 'Repairs are halted already.' } });
    expect(hub.written).toEqual([]);
  });

  it.each([
    ['about an execution that is not there', RELEASE, { pathParameters: { execution: 'x' } }, 404],
    ['about an account that is not governed', RELEASE_ACCOUNT, { pathParameters: { account: '9' } }, 404],
    [
      'about an account that is a word of JavaScript',
      RELEASE_ACCOUNT,
      { pathParameters: { account: 'constructor' } },
      404,
    ],
    ['with a name that nothing can have', RELEASE, { pathParameters: { execution: 'x'.repeat(3000) } }, 404],
    ['without a reason', 'POST /halt', { body: '{}' }, 400],
    ['with a body that is no JSON', 'POST /halt', { body: 'x' }, 400],
    ['that nobody knows', 'POST /other', {}, 404],
  ])('%s is refused', async (_, route, over, status) => {
    expect((await say(route, over)).status).toBe(status);
    expect(hub.changes).toEqual([]);
  });
});
