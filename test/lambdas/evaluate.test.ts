import { beforeEach, expect, it, vi } from 'vitest';

const config = vi.hoisted(() => ({ put: [] as { Evaluations: object[] }[], refuses: false }));
vi.mock('../../lambdas/runtime/sessions.ts', () => ({ clientsOf: async () => ({}) }));
vi.mock('../../controls/index.ts', () => ({
  controls: [
    {
      id: 'c',
      services: [],
      resource: 'T',
      check: ({ Ok }: { readonly Ok?: boolean }) => (Ok ? 'compliant' : { violation: 'It is wrong.' }),
      observe: {
        async *list() {
          for (let n = 0; n < 150; n++) yield { id: `${n}`, state: { Ok: n > 0 } };
        },
      },
    },
  ],
}));
vi.mock('@aws-sdk/client-config-service', () => ({
  ConfigService: class {
    async putEvaluations(request: { Evaluations: object[] }) {
      config.put.push(request);
      return { FailedEvaluations: config.refuses ? request.Evaluations.slice(0, 2) : [] };
    }
  },
}));

const { handler } = await import('../../lambdas/evaluate/handler.ts');
const scheduled = () =>
  handler(
    {
      invokingEvent: JSON.stringify({
        messageType: 'ScheduledNotification',
        notificationCreationTime: '2026-01-01T00:00:00.000Z',
      }),
      ruleParameters: JSON.stringify({ control: 'c', parameters: '{}' }),
      resultToken: 't',
      accountId: '111111111111',
    },
    { functionName: 'evaluate' } as never,
  );

beforeEach(() => Object.assign(config, { put: [], refuses: false }));

it('tells AWS Config of every resource, a hundred a call', async () => {
  await scheduled();
  expect(config.put.map(({ Evaluations }) => Evaluations.length)).toEqual([100, 50]);
  expect(config.put[0]?.Evaluations[0]).toMatchObject({ ComplianceType: 'NON_COMPLIANT', Annotation: 'It is wrong.' });
});
it('fails, and so is invoked again, when AWS Config does not take all', async () => {
  config.refuses = true;
  await expect(scheduled()).rejects.toThrow('did not take 2 evaluations');
});
