import { beforeEach, expect, it } from 'vitest';
import { ACCOUNT, hub } from './hub.ts';
import { LiveResources } from './live-resources.ts';

interface Request {
  readonly Evaluations: readonly object[];
}

const at = '2026-01-01T00:00:00.000Z';

/** Runs the evaluator as AWS Config does. */
const evaluate = (invoking: object, over: object = {}, control = 'rules') =>
  hub.invoke('evaluate', {
    invokingEvent: JSON.stringify({ notificationCreationTime: at, ...invoking }),
    ruleParameters: JSON.stringify({ control, parameters: '{}' }),
    resultToken: 't',
    accountId: ACCOUNT,
    ...over,
  });
const scheduled = () => evaluate({ messageType: 'ScheduledNotification' });
const changed = (resourceId: string, over: object = {}) => {
  const status = { configurationItemStatus: 'OK', configurationItemCaptureTime: at };
  const configurationItem = { resourceId, resourceType: 'AWS::EC2::SecurityGroup', ...status };
  return evaluate({ messageType: 'ConfigurationItemChangeNotification', configurationItem }, over);
};
const reported = () => hub.inputs<Request>('PutEvaluations').flatMap(({ Evaluations }) => Evaluations);

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

it.each([
  ['in violation', 'x', {}, 'NON_COMPLIANT'],
  ['compliant', '1', {}, 'COMPLIANT'],
  ['deleted', 'gone', {}, 'NOT_APPLICABLE'],
  ['no longer in the scope of the rule', 'x', { eventLeftScope: true }, 'NOT_APPLICABLE'],
])('evaluates a changed resource that is %s', async (_, id, over, ComplianceType) => {
  await changed(id, over);
  expect(reported()).toEqual([
    expect.objectContaining({
      ComplianceResourceType: 'AWS::EC2::SecurityGroup',
      ComplianceResourceId: id,
      OrderingTimestamp: new Date(at),
      ComplianceType,
    }),
  ]);
});

it('fails for a control that was removed', async () => {
  await expect(evaluate({ messageType: 'ScheduledNotification' }, {}, 'removed')).rejects.toThrow('removed');
  expect(reported()).toEqual([]);
});
