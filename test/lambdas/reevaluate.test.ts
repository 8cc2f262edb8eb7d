import { beforeEach, expect, it, vi } from 'vitest';

const asked = vi.hoisted(() => [] as string[]);
vi.mock('../../controls/index.ts', () => ({ controls: [{ id: 'c', services: [], observe: { actions: [] } }] }));
vi.mock('../../lambdas/runtime/environment.ts', () => ({ settings: { hub: { partition: 'aws' } } }));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({
  observe: async (_control: unknown, { account }: { readonly account: string }) => {
    if (account === '333333333333') throw new Error('The observer role is not there.');
    return { client: { account } };
  },
}));
vi.mock('@aws-sdk/client-config-service', () => ({
  ConfigService: class {
    readonly client: { readonly account: string };
    constructor(client: { readonly account: string }) {
      this.client = client;
    }
    async startConfigRulesEvaluation({ ConfigRuleNames }: { readonly ConfigRuleNames: readonly string[] }) {
      if (this.client.account === '222222222222')
        throw Object.assign(new Error('too often'), { name: 'LimitExceededException' });
      asked.push(`${this.client.account} ${ConfigRuleNames}`);
    }
  },
}));

const { handler } = await import('../../lambdas/reevaluate/handler.ts');
const record = (messageId: string, body: string) => ({ messageId, body });
const repaired = (messageId: string, account: string) =>
  record(messageId, JSON.stringify({ detail: { control: 'c', target: { account, region: 'eu-west-1' } } }));
const failed = async (...Records: object[]) =>
  (await handler({ Records } as never, { functionName: 'reevaluate' } as never)).batchItemFailures.map(
    ({ itemIdentifier }) => itemIdentifier,
  );

beforeEach(() => {
  asked.length = 0;
});

it('asks once for all repairs of a place', async () => {
  await expect(failed(repaired('1', '111111111111'), repaired('2', '111111111111'))).resolves.toEqual([]);
  expect(asked).toEqual(['111111111111 evenkeel-c']);
});
it('brings again only what could not be asked for: too often, out of reach, or nothing that can be read', async () => {
  await expect(
    failed(
      repaired('1', '111111111111'),
      repaired('2', '222222222222'),
      repaired('3', '333333333333'),
      record('4', '{}'),
      record('5', 'no JSON'),
    ),
  ).resolves.toEqual(['2', '3', '4', '5']);
  expect(asked).toEqual(['111111111111 evenkeel-c']);
});
