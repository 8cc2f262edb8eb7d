import { Aspects, CfnResource, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { ControlAspect } from '../../aspects/control-aspect.ts';
import { LOG_GROUP, logGroupIn, logsTo } from '../controls/placed-control.ts';
import { newApp, propertiesOf, refusal, reports } from './app.ts';

const env = { account: '111111111111', region: 'eu-west-1' };
const own = logGroupIn(env.account, env.region);

function appWith(LogGroup: string, stackEnv?: typeof env, action: 'fail' | 'fix' = 'fail') {
  const app = newApp();
  const stack = new Stack(app, 'Shop', { env: stackEnv });
  new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties: { LogGroup } });
  Aspects.of(app).add(new ControlAspect(logsTo, action, { logGroup: LOG_GROUP }));
  return app;
}
const severities = (app: ReturnType<typeof newApp>) =>
  reports(app).flatMap(({ violations }) => violations.map(({ severity }) => severity));

describe('a parameter with placeholders', () => {
  it('gets the account and the region of the stack', () => {
    expect(severities(appWith(own, env))).toEqual([]);
    expect(refusal(appWith(own, { ...env, account: '222222222222' }))).toContain(
      `The log group is not ${logGroupIn('222222222222', 'eu-west-1')}`,
    );
  });

  it('is fixed to the value of the stack', () => {
    expect(propertiesOf(appWith('other', env, 'fix'), 'Shop', 'Bucket')).toEqual({ LogGroup: own });
  });

  it('leaves the verdict unknown in a stack without an account and a region', () => {
    expect(severities(appWith(own))).toEqual(['info']);
  });

  it('is not fixed there', () => {
    expect(refusal(appWith('other', undefined, 'fix'))).toContain('Not fixed here: the correct value is known only at');
  });
});

it('names a control whose required parameter has no value, and refuses nothing', () => {
  const app = newApp();
  const stack = new Stack(app, 'Shop');
  new CfnResource(stack, 'Bucket', { type: 'AWS::S3::Bucket', properties: { LogGroup: 'x' } });
  Aspects.of(app).add(new ComplianceAspect({ controls: [logsTo] }));
  expect(refusal(app)).toBe('');
  expect(reports(app).flatMap(({ violations }) => violations)).toMatchObject([
    { severity: 'info', description: 'logs-to is not evaluated, because logGroup has no value.' },
  ]);
});
