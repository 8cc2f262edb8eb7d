import { beforeEach, expect, it } from 'vitest';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';

interface Request {
  readonly Evaluations: readonly object[];
}

/** Runs the evaluator as AWS Config does on a schedule. */
const scheduled = () =>
  hub.invoke('evaluate', {
    invokingEvent: JSON.stringify({
      messageType: 'ScheduledNotification',
      notificationCreationTime: '2026-01-01T00:00:00.000Z',
    }),
    ruleParameters: JSON.stringify({ control: 'rules', parameters: '{}' }),
    resultToken: 't',
    accountId: ACCOUNT,
  });

beforeEach(() => {
  const resources = new LiveResources();
  const region = process.env.AWS_REGION ?? '';
  resources.violate(region, 'x');
  for (let n = 1; n < 150; n++) resources.states.set(`${region}/${n}`, { Rules: [] });
  hub.deploy(resources.control());
  hub.on('PutEvaluations', () => ({ FailedEvaluations: [] }));
});

it('reports every resource to AWS Config, 100 per call', async () => {
  await scheduled();
  const [first, second] = hub.inputs<Request>('PutEvaluations');
  expect([first?.Evaluations.length, second?.Evaluations.length]).toEqual([100, 50]);
  expect(first?.Evaluations[0]).toMatchObject({ ComplianceType: 'NON_COMPLIANT', Annotation: 'A rule is open.' });
  expect(first?.Evaluations[1]).toMatchObject({ ComplianceType: 'COMPLIANT' });
});

it('fails, and so is invoked again, when AWS Config does not accept all evaluations', async () => {
  hub.on('PutEvaluations', ({ Evaluations }: Request) => ({ FailedEvaluations: Evaluations.slice(0, 2) }));
  await expect(scheduled()).rejects.toThrow('rejected 2 evaluations');
});
