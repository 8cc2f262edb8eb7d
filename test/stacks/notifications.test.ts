import { describe, expect, it } from 'vitest';
import { eventSchemas } from '../../lib/events/schema.ts';
import { example, get, synthesise } from './synth.ts';

const hub = get(
  synthesise(
    example({
      notify: ['platform@example.com'],
      owners: {
        'payments-team': { emails: ['payments@example.com', 'both@example.com'] },
        'web-team': { emails: ['both@example.com', 'platform@example.com'] },
      },
    }),
  ),
  'Hub',
);

describe('subscriptions', () => {
  it('send an owner its own notifications, and the addresses in `notify` all of them', () => {
    const subscribed = hub.all('AWS::SNS::Subscription').map(({ Properties }) => Properties);
    expect(subscribed.map(({ Endpoint, FilterPolicy }) => [Endpoint, FilterPolicy]).sort()).toEqual([
      ['both@example.com', { owner: ['payments-team', 'web-team'] }],
      ['payments@example.com', { owner: ['payments-team'] }],
      ['platform@example.com', undefined],
    ]);
  });

  it('cover every event except outcomes without a notification', () => {
    const rules = hub
      .all('AWS::Events::Rule')
      .filter(({ Properties: { Targets } }) => /NotifyQueue/.test(Targets[0].Arn));
    const patterns = rules.map(({ Properties }) => Properties.EventPattern);
    const types = new Set(patterns.flatMap((pattern) => pattern['detail-type']));
    expect([...types].sort()).toEqual(Object.keys(eventSchemas).sort());
    const outcomes = patterns.filter((pattern) => pattern['detail-type'].includes('Evenkeel Outcome'));
    expect(outcomes.map(({ detail }) => detail)).toEqual([{ outcome: ['escalated'] }, { warning: [{ exists: true }] }]);
  });

  it('deliver again within minutes after a failure', () => {
    const { VisibilityTimeout, RedrivePolicy } = hub.one('AWS::SQS::Queue', 'NotificationsNotifyQueue').Properties;
    expect(VisibilityTimeout).toBe(60);
    expect(RedrivePolicy.maxReceiveCount).toBe(5);
  });

  it('include a daily reminder, whose function writes only that to the state table', () => {
    expect(hub.one('AWS::Events::Rule', 'NotificationsRemind').Properties.ScheduleExpression).toBe('rate(15 minutes)');
    const writes = hub
      .policiesOf('evenkeel-remind')
      .flatMap(({ Statement }) => Statement)
      .filter(({ Action }) => [Action].flat().includes('dynamodb:UpdateItem'));
    expect(writes.map(({ Condition }) => Condition)).toEqual([
      { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['reminder#*'] } },
    ]);
  });
});

describe('operators', () => {
  const alarm = (name: string) => {
    const found = hub
      .all('AWS::CloudWatch::Alarm')
      .find(({ Properties: { AlarmName } }) => AlarmName === `evenkeel-hub-${name}`);
    if (!found) throw new Error(`There is no alarm ${name}.`);
    return found.Properties;
  };

  it('get an alarm if violations exceed the forecast of the weeks before', () => {
    const { Metrics, ThresholdMetricId, ComparisonOperator, AlarmActions } = alarm('unusual-violations');
    expect(ComparisonOperator).toBe('GreaterThanUpperThreshold');
    const [band, counted] = [
      Metrics.find(({ Id }: { Id: string }) => Id === ThresholdMetricId),
      Metrics.find(({ MetricStat }: { MetricStat?: object }) => MetricStat),
    ];
    expect(band.Expression).toMatch(/^ANOMALY_DETECTION_BAND\(/);
    expect(counted.MetricStat).toMatchObject({ Metric: { MetricName: 'violations' }, Period: 86400, Stat: 'Sum' });
    expect(AlarmActions).toEqual([hub.arn('AWS::SNS::Topic')]);
  });

  it('get an alarm for a hold, and for a halt of a day', () => {
    expect(alarm('held')).toMatchObject({ MetricName: 'held', Statistic: 'Maximum', Period: 900, Threshold: 1 });
    expect(alarm('halted-for-a-day')).toMatchObject({
      MetricName: 'halted',
      Statistic: 'Minimum',
      Period: 3600,
      EvaluationPeriods: 24,
    });
  });

  it('have a dashboard with alarms, open items, outcomes and links', () => {
    const { DashboardBody, DashboardName } = hub.one('AWS::CloudWatch::Dashboard').Properties;
    expect(DashboardName).toBe('evenkeel');
    const { widgets } = JSON.parse(DashboardBody);
    const titles = widgets.flatMap(({ properties }: { properties: { title?: string } }) => properties.title ?? []);
    for (const title of ['Alarms', 'Waiting approvals', 'Held resources', 'Repairs by control'])
      expect(titles).toContain(title);
    const { markdown } = widgets[0].properties;
    for (const page of ['states', 'config', 's3', 'athena', 'cloudwatch'])
      expect(markdown).toContain(`](https://eu-west-1.console.aws.amazon.com/${page}/`);
    for (const link of markdown.match(/\]\([^)]*\)/g)) expect(link).not.toMatch(/\s|undefined|object/);
    expect(widgets[1].properties.alarms).toHaveLength(hub.all('AWS::CloudWatch::Alarm').length);
  });
});
