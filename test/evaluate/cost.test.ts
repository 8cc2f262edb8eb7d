import { describe, expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { patchOf } from '../../lib/evaluate/change.ts';
import { evaluate, type Template } from '../../lib/evaluate/index.ts';
import type { Json } from '../../lib/model/json.ts';
import { growth, NEAR_LINEAR } from '../growth.ts';

const some = <T>(count: number, create: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => create(n));
const rule = (port: number, CidrIp: Json = `10.${port % 256}.${(port >> 8) % 256}.0/24`) => ({
  IpProtocol: 'tcp',
  FromPort: port,
  ToPort: port,
  CidrIp,
});
const group = (SecurityGroupIngress: Json): Template => ({
  Resources: { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress } } },
});
const bucketWith = (statement: (index: number) => Json, count: number): Template => ({
  Resources: {
    Bucket: { Type: 'AWS::S3::Bucket' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Statement: some(count, statement) } },
    },
  },
});
const value = (index: number): Json => ({ 'Fn::ImportValue': `value-${index}` });

/** Evaluates a template, and creates the patches of its findings. */
const evaluated = (template: Template) => {
  const { findings } = evaluate(controls, template);
  for (const found of findings) patchOf(template, found);
  return findings;
};

describe('the cost of an evaluation', { timeout: 60_000 }, () => {
  it.each<[string, (count: number) => Template]>([
    ['rules, one of them open', (count) => group([...some(count, (n) => rule(n + 10_000)), rule(22, '0.0.0.0/0')])],
    ['open rules', (count) => group(some(count, (n) => ({ ...rule(22, '0.0.0.0/0'), ToPort: 22 + n })))],
    [
      'rules for scattered blocks',
      (count) => group(some(count, (n) => rule(22, `${n % 220}.${(n * 13) % 256}.0.0/${10 + (n % 20)}`))),
    ],
    ['rules with deploy-time values', (count) => group(some(count, (n) => rule(22, value(n))))],
    [
      'rules as resources of their own',
      (count) => ({
        Resources: {
          Group: { Type: 'AWS::EC2::SecurityGroup', Properties: {} },
          ...Object.fromEntries(
            some(count, (n) => [
              `Rule${n}`,
              {
                Type: 'AWS::EC2::SecurityGroupIngress',
                Properties: { GroupId: { Ref: 'Group' }, ...rule(22, '0.0.0.0/0'), Description: `${n}` },
              },
            ]),
          ),
        },
      }),
    ],
    [
      'statements',
      (count) => bucketWith((n) => ({ Sid: `S${n}`, Effect: 'Allow', Principal: '*', Action: 's3:Get*' }), count),
    ],
    ['statements with deploy-time values', (count) => bucketWith((n) => ({ Effect: 'Deny', Action: value(n) }), count)],
  ])('grows near-linearly with the number of %s', (_name, create) => {
    expect(growth(create, evaluated)).toBeLessThan(NEAR_LINEAR);
  });

  it('is small for 700 rules', () => {
    const template = group([...some(700, (n) => rule(n + 10_000)), rule(22, '0.0.0.0/0')]);
    evaluated(template); // compiles the code
    const [start, heap] = [performance.now(), process.memoryUsage().heapUsed];
    expect(evaluated(template)).toMatchObject([{ verdict: 'violation' }]);
    expect(process.memoryUsage().heapUsed - heap).toBeLessThan(50_000_000);
    expect(performance.now() - start).toBeLessThan(1000); // 100 ms on a quiet machine
  });

  it('does not double with each condition that names another one twice', () => {
    const Conditions = Object.fromEntries(
      some(60, (n) => [
        `C${n}`,
        n === 0
          ? { 'Fn::Equals': ['a', 'a'] }
          : { 'Fn::And': [`C${n - 1}`, `C${n - 1}`].map((Condition) => ({ Condition })) },
      ]),
    );
    const found = evaluated({ Conditions, Resources: { Key: { Type: 'AWS::KMS::Key', Condition: 'C59' } } });
    expect(found).toMatchObject([{ verdict: 'violation' }]);
  });
});

const nested = (wrap: (inner: Json) => Json, levels: number): Json => {
  let value: Json = 'x';
  for (let level = 0; level < levels; level++) value = wrap(value);
  return value;
};

describe('a template beyond the bounds', () => {
  const rotated = { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: { 'Fn::If': ['C', true, false] } } };
  const plain = { Type: 'AWS::KMS::Key' };
  const chain = Object.fromEntries(
    some(20_000, (n) => [
      `C${n}`,
      n === 0 ? { 'Fn::Equals': ['a', 'a'] } : { 'Fn::Not': [{ Condition: `C${n - 1}` }] },
    ]),
  );

  it.each<[string, Template]>([
    [
      'a condition that refers to itself by Fn::If',
      { Conditions: { C: { 'Fn::Equals': [{ 'Fn::If': ['C', 'a', 'b'] }, 'a'] } }, Resources: { Hostile: rotated } },
    ],
    [
      'conditions that refer to each other',
      {
        Conditions: {
          C: { 'Fn::Equals': [{ 'Fn::If': ['D', 'a', 'b'] }, 'a'] },
          D: { 'Fn::Not': [{ Condition: 'C' }] },
        },
        Resources: { Hostile: rotated },
      },
    ],
    [
      'a deep condition',
      { Conditions: { C: nested((inner) => ({ 'Fn::Not': [inner] }), 20_000) }, Resources: { Hostile: rotated } },
    ],
    ['a long chain of conditions', { Conditions: chain, Resources: { Hostile: { ...plain, Condition: 'C19999' } } }],
    [
      'a deep value',
      {
        Resources: {
          Hostile: {
            ...plain,
            Properties: { EnableKeyRotation: nested((inner) => ({ 'Fn::Join': ['', [inner]] }), 20_000) },
          },
        },
      },
    ],
    [
      'a deep list',
      { Resources: { Hostile: { ...plain, Properties: { EnableKeyRotation: nested((inner) => [inner], 20_000) } } } },
    ],
  ])('is unknown with %s, and the other resources are evaluated', (_name, template) => {
    const { findings } = evaluate(controls, { ...template, Resources: { ...template.Resources, Other: plain } });
    expect(findings).toMatchObject([
      { logicalId: 'Hostile', verdict: 'unknown' },
      { logicalId: 'Other', verdict: 'violation' },
    ]);
  });

  it('is unknown if more items are deploy-time values than are tried', () => {
    const { findings } = evaluate(controls, group(some(33, (n) => rule(22, value(n)))));
    expect(findings).toMatchObject([{ verdict: 'unknown' }]);
  });
});
