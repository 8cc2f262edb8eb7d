import { describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import type { Json, Place } from '../../lib/model/control.ts';
import { LOG_GROUP, logGroupIn, logsTo } from '../controls/placed-control.ts';

const account = '111111111111';
const here: Partial<Place> = { account, region: 'eu-west-1', partition: 'aws' };
const own = logGroupIn(account, 'eu-west-1');
const other = logGroupIn('222222222222', 'eu-west-1');

const evaluated = (LogGroup: Json | undefined, place?: Partial<Place>, logGroup: string = LOG_GROUP) => {
  const template = {
    Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { ...(LogGroup && { LogGroup }) } } },
  };
  const { findings, compliant } = evaluate([logsTo], template, {
    parameters: { 'logs-to': { logGroup } },
    ...(place && { place }),
  });
  return compliant === 1 ? { verdict: 'compliant' as const } : findings[0];
};

describe('in a known account and region', () => {
  it('compares with the value there', () => {
    expect(evaluated(own, here)?.verdict).toBe('compliant');
    expect(evaluated(other, here)).toMatchObject({ verdict: 'violation', sentence: `The log group is not ${own}.` });
  });
  it('fixes to the value there', () => {
    expect(evaluated(other, here)).toMatchObject({ change: { to: { LogGroup: own } } });
  });
});

describe('in an unknown account or region', () => {
  it('leaves open a value that is right in one place', () => {
    expect(evaluated(own)).toMatchObject({
      verdict: 'unknown',
      sentence: `The result depends on the partition, the region and the account, because a parameter is ${JSON.stringify(LOG_GROUP)}; checked after deployment.`,
    });
  });
  it('names only the part that is unknown', () => {
    expect(evaluated(own, { region: 'eu-west-1', partition: 'aws' })).toMatchObject({
      verdict: 'unknown',
      sentence: expect.stringMatching(/^The result depends on the account, because/),
    });
    expect(evaluated(own, { region: 'eu-north-1', partition: 'aws' })?.verdict).toBe('violation');
  });
  it.each([['nothing'], [logGroupIn(account, 'eu-west-1').replace('audit', 'other')], [undefined]])(
    'refuses %j, which is wrong in every place, and fixes nothing',
    (value) => {
      expect(evaluated(value)).toMatchObject({ verdict: 'violation' });
      expect(JSON.stringify(evaluated(value))).not.toContain('"to":');
    },
  );
  it('leaves open a value that is known only at deployment', () => {
    const parts = ['Partition', 'Region', 'AccountId'].map((name) => ({ Ref: `AWS::${name}` }));
    const [partition = '', region = '', id = ''] = parts;
    const joined = ['arn:', partition, ':logs:', region, ':', id, ':log-group:audit'];
    const sub = { 'Fn::Join': ['', joined] };
    expect(evaluated(sub)?.verdict).toBe('unknown');
  });
  it('leaves open a value that names more places than can be tried', () => {
    const many = Array.from({ length: 70 }, (_, index) => String(100000000000 + index)).join(' ');
    expect(evaluated(many)?.verdict).toBe('unknown');
  });
  it('makes no difference to a value without a placeholder', () => {
    expect(evaluated(own, undefined, own)?.verdict).toBe('compliant');
  });
});

it('evaluates nothing by a control whose required parameter has no value', () => {
  const Resources = { Bucket: { Type: 'AWS::S3::Bucket', Properties: { LogGroup: 'x' } } };
  expect(evaluate([logsTo], { Resources })).toMatchObject({ findings: [], compliant: 0 });
});
