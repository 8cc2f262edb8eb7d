import { describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import { resolve } from '../../lib/evaluate/template/resolve.ts';
import type { Template } from '../../lib/evaluate/template/template.ts';
import type { Json } from '../../lib/model/control.ts';
import { word } from './fixtures.ts';

// The rule requires Locked to be true: a row has its value and the verdict.

type Verdict = 'compliant' | 'violation' | 'unknown';
type Row = [name: string, Locked: Json, verdict: Verdict];

const Ref = (name: string) => ({ Ref: name });
const If = (condition: string, yes: Json, no: Json) => ({ 'Fn::If': [condition, yes, no] });
const Join = (...parts: Json[]) => ({ 'Fn::Join': ['', parts] });
const Sub = (...argument: Json[]) => ({ 'Fn::Sub': argument.length === 1 ? (argument[0] ?? null) : argument });
const Select = (index: Json, list: Json) => ({ 'Fn::Select': [index, list] });
const Split = (separator: string, text: Json) => ({ 'Fn::Split': [separator, text] });
const FindInMap = (...argument: Json[]) => ({ 'Fn::FindInMap': argument });
const Equals = (one: Json, other: Json) => ({ 'Fn::Equals': [one, other] });
const NoValue = Ref('AWS::NoValue');

const Parameters: Template['Parameters'] = {
  Free: { Type: 'String' },
  Yes: { Type: 'String', AllowedValues: ['true'] },
  No: { Type: 'String', AllowedValues: ['false', false] },
  YesNo: { Type: 'String', AllowedValues: ['true', 'false'] },
  Stage: { Type: 'String', AllowedValues: ['dev', 'prod'] },
  Port: { Type: 'Number', AllowedValues: [1, 2] },
  DefaultYes: { Type: 'String', Default: 'true' },
  DefaultNo: { Type: 'String', Default: 'false' },
  Empty: { Type: 'String', Default: '' },
  List: { Type: 'CommaDelimitedList', AllowedValues: ['true'] },
  Numbers: { Type: 'List<Number>', Default: '1,2' },
  Stored: { Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: ['true'], Default: 'true' },
  StoredList: { Type: 'AWS::SSM::Parameter::Value<List<String>>', Default: 'true' },
  Key: { Type: 'AWS::SSM::Parameter::Name', AllowedValues: ['true'] },
};

const Mappings: Template['Mappings'] = {
  Stages: { dev: { locked: true, open: false, mixed: false }, prod: { locked: 'true', open: 'false', mixed: true } },
  Regions: { 'eu-west-1': { locked: true }, 'us-east-1': { locked: true, open: false } },
  Lists: { all: { doors: ['false', 'true'] } },
  Macro: { 'Fn::Transform': { Name: 'AWS::Include' } },
  Large: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`r${n}`, { locked: true, open: n > 9 }])),
};

const Conditions: Template['Conditions'] = {
  Always: Equals('a', 'a'),
  Never: { 'Fn::Not': [{ Condition: 'Always' }] },
  IsProd: Equals(Ref('Stage'), 'prod'),
  IsDev: { 'Fn::Not': [{ Condition: 'IsProd' }] },
  IsA: Equals(Ref('Free'), 'a'),
  IsB: Equals('b', Ref('Free')),
  AOrB: { 'Fn::Or': [{ Condition: 'IsA' }, { Condition: 'IsB' }] },
  AAndB: { 'Fn::And': [{ Condition: 'IsA' }, { Condition: 'IsB' }] },
  HasName: { 'Fn::Not': [Equals(Ref('Empty'), '')] },
  InIreland: Equals(Ref('AWS::Region'), 'eu-west-1'),
  InChina: Equals(Ref('AWS::Partition'), 'aws-cn'),
  Same: Equals(Ref('Free'), Ref('Free')),
  Other: Equals(Ref('Free'), Ref('DefaultYes')),
  Numeric: Equals(1, '1'),
  Spelling: Equals(1, '1.0'),
  Truth: Equals(true, 'true'),
  Shout: Equals('TRUE', 'true'),
  Mapped: Equals(FindInMap('Stages', Ref('Stage'), 'locked'), 'true'),
  Chicken: { Condition: 'Egg' },
  Egg: { Condition: 'Chicken' },
  Odd: { 'Fn::Contains': [['a'], 'a'] },
};

function verdictOf(Locked: Json, rest: Template = {}): Verdict {
  const It = { Type: word.resource, Properties: { Locked } };
  const { findings, compliant } = evaluate([word], {
    Parameters,
    Mappings,
    Conditions,
    ...rest,
    Resources: { It, Resource: { Type: 'Toy::House::Other' } },
  });
  expect(findings.length + compliant).toBe(1);
  return findings[0]?.verdict ?? 'compliant';
}

const table = (rows: Row[]) => it.each(rows)('%s', (_name, value, verdict) => expect(verdictOf(value)).toBe(verdict));

describe('Ref', () =>
  table([
    ['all allowed values comply', Ref('Yes'), 'compliant'],
    ['all allowed values violate', Ref('No'), 'violation'],
    ['allowed values differ', Ref('YesNo'), 'unknown'],
    ['a compliant default is not certain', Ref('DefaultYes'), 'unknown'],
    ['a violating default is not certain', Ref('DefaultNo'), 'unknown'],
    ['allowed items of a list parameter', Ref('List'), 'unknown'],
    ['allowed values of an SSM parameter name its key', Ref('Stored'), 'unknown'],
    ['the allowed values of an SSM parameter name', Ref('Key'), 'compliant'],
    ['a resource', Ref('Resource'), 'unknown'],
    ['an unknown name', Ref('Missing'), 'unknown'],
    ['a built-in property name', Ref('constructor'), 'unknown'],
    ['AWS::NoValue', NoValue, 'violation'],
    ...['Region', 'AccountId', 'Partition', 'URLSuffix', 'StackName', 'StackId', 'NotificationARNs'].map(
      (name): Row => [`AWS::${name}`, Ref(`AWS::${name}`), 'unknown'],
    ),
  ]));

describe('Fn::If and conditions', () =>
  table([
    ['always', If('Always', true, false), 'compliant'],
    ['never', If('Never', true, false), 'violation'],
    ['an undeclared condition', If('Missing', true, false), 'unknown'],
    ['opposites', If('IsProd', true, If('IsDev', true, false)), 'compliant'],
    ['opposites, neither holds', If('IsProd', false, If('IsDev', false, true)), 'violation'],
    ['two different values cannot hold at once', If('AAndB', false, true), 'compliant'],
    ['a third value is neither', If('AOrB', true, false), 'unknown'],
    ['both values and a third', If('IsA', true, If('IsB', true, true)), 'compliant'],
    [
      'the parameter behind it has that value',
      If('IsProd', FindInMap('Stages', Ref('Stage'), 'mixed'), true),
      'compliant',
    ],
    ['the other branch', If('IsDev', FindInMap('Stages', Ref('Stage'), 'mixed'), false), 'violation'],
    ['by region', If('InIreland', true, false), 'unknown'],
    ['by region and partition, whatever they are', If('InIreland', true, If('InChina', true, 'true')), 'compliant'],
    ['equals itself', If('Same', true, false), 'compliant'],
    ['equals another', If('Other', true, false), 'unknown'],
    ['numbers are compared as strings', If('Numeric', true, false), 'compliant'],
    ['a spelling that parsing may not keep', If('Spelling', true, false), 'unknown'],
    ['booleans are compared as strings', If('Truth', true, false), 'compliant'],
    ['case matters', If('Shout', true, false), 'violation'],
    ['of a mapping', If('Mapped', true, false), 'compliant'],
    ['a circular condition', If('Chicken', true, false), 'unknown'],
    ['a circular condition with equal branches', If('Chicken', true, 'true'), 'compliant'],
    ['a function that conditions do not have', If('Odd', true, false), 'unknown'],
    ['malformed', { 'Fn::If': ['Always', true] }, 'unknown'],
    ['AWS::NoValue in a branch', If('Never', true, NoValue), 'violation'],
  ]));

describe('an empty default', () =>
  table([
    ['shows that the value may be empty', If('HasName', true, false), 'unknown'],
    ['makes no difference', If('HasName', true, 'true'), 'compliant'],
  ]));

describe('Fn::FindInMap', () =>
  table([
    ['literal keys', FindInMap('Stages', 'prod', 'locked'), 'compliant'],
    ['literal keys, in violation', FindInMap('Stages', 'dev', 'open'), 'violation'],
    ['an expanded key', FindInMap('Stages', Ref('Stage'), 'locked'), 'compliant'],
    ['an expanded key, in violation', FindInMap('Stages', Ref('Stage'), 'open'), 'violation'],
    ['an expanded key, either', FindInMap('Stages', Ref('Stage'), 'mixed'), 'unknown'],
    ['an unresolved key: one of all values', FindInMap('Regions', Ref('AWS::Region'), 'locked'), 'compliant'],
    ['a key that only one row has', FindInMap('Regions', Ref('AWS::Region'), 'open'), 'violation'],
    [
      'a default where no row has it',
      FindInMap('Regions', Ref('AWS::Region'), 'open', { DefaultValue: true }),
      'unknown',
    ],
    [
      'a default that agrees',
      FindInMap('Regions', Ref('AWS::Region'), 'locked', { DefaultValue: 'true' }),
      'compliant',
    ],
    ['the default of a known key', FindInMap('Regions', 'nowhere', 'locked', { DefaultValue: false }), 'violation'],
    ['AWS::NoValue as default', FindInMap('Regions', 'nowhere', 'locked', { DefaultValue: NoValue }), 'violation'],
    ['both keys unresolved', FindInMap('Regions', Ref('AWS::Region'), Ref('Free')), 'unknown'],
    ['a second key unresolved', FindInMap('Regions', 'eu-west-1', Ref('Free')), 'compliant'],
    ['no such row', FindInMap('Stages', 'test', 'locked'), 'unknown'],
    ['no such mapping', FindInMap('Missing', 'dev', 'locked'), 'unknown'],
    ['a mapping named like a built-in property', FindInMap('constructor', 'name', 'length'), 'unknown'],
    ['a mapping with a macro', FindInMap('Macro', 'dev', 'locked'), 'unknown'],
    ['nested', FindInMap('Stages', FindInMap('Missing', 'x', 'y'), 'locked'), 'compliant'],
    ['of a list', Select(1, FindInMap('Lists', 'all', 'doors')), 'compliant'],
    ['many rows with one value', FindInMap('Large', Ref('AWS::AccountId'), 'locked'), 'compliant'],
    ['many rows with two', FindInMap('Large', Ref('AWS::AccountId'), 'open'), 'unknown'],
    [
      'many rows with two that make no difference',
      If('Always', 'true', FindInMap('Large', Ref('Free'), 'open')),
      'compliant',
    ],
    ['malformed', { 'Fn::FindInMap': 'Stages' }, 'unknown'],
  ]));

describe('Fn::Sub', () =>
  table([
    ['a plain string', Sub('true'), 'compliant'],
    ['a plain string that violates', Sub('false'), 'violation'],
    ['allowed values', Sub(`\${Yes}`), 'compliant'],
    ['allowed values that violate', Sub(`\${No}`), 'violation'],
    ['allowed values that differ', Sub(`\${YesNo}`), 'unknown'],
    ['a variable', Sub(`t\${x}`, { x: 'rue' }), 'compliant'],
    ['a variable overrides a parameter', Sub(`\${Yes}`, { Yes: 'false' }), 'violation'],
    ['a variable that is unresolved', Sub(`\${x}`, { x: Ref('Free') }), 'unknown'],
    ['a parameter of any value', Sub(`\${Free}`), 'unknown'],
    ['an attribute', Sub(`\${Resource.Arn}`), 'unknown'],
    ['a pseudo parameter', Sub(`\${AWS::Region}`), 'unknown'],
    ['an escaped variable', Sub(`\${!Yes}`), 'violation'],
    ['a dynamic reference', Sub(`{{resolve:ssm:\${Yes}}}`), 'unknown'],
    ['malformed', Sub({ a: 1 }), 'unknown'],
  ]));

describe('Fn::Join, Fn::Split and Fn::Select', () =>
  table([
    ['known parts', Join('tr', 'ue'), 'compliant'],
    ['known parts, in violation', Join('fal', 'se'), 'violation'],
    ['an unresolved part', Join('tr', Ref('Free')), 'unknown'],
    ['AWS::NoValue as part', Join('true', NoValue), 'compliant'],
    ['branches', Join('t', If('Other', 'rue', 'rue')), 'compliant'],
    ['a list of unknown length', Join(Ref('List')), 'unknown'],
    ['split and joined', { 'Fn::Join': ['', Split('-', 't-r-u-e')] }, 'compliant'],
    ['split of something unresolved', Select(0, Split(',', Ref('Free'))), 'unknown'],
    ['selected', Select('1', ['false', 'true']), 'compliant'],
    ['selected, in violation', Select(0, ['false', 'true']), 'violation'],
    ['selected beside something unresolved', Select(0, ['true', Ref('Free')]), 'compliant'],
    ['selected and unresolved', Select(1, ['true', Ref('Free')]), 'unknown'],
    ['an unresolved index', Select(Ref('Free'), ['true', 'false']), 'unknown'],
    ['an index from allowed values', Select(Ref('Port'), ['false', 'true', 'true']), 'compliant'],
    ['an index out of range', Select(2, ['true', 'false']), 'unknown'],
    ['a list with AWS::NoValue', Select(0, [NoValue, 'true']), 'unknown'],
    ['a list parameter', Select(0, Ref('Numbers')), 'unknown'],
    ['malformed', { 'Fn::Select': 'true' }, 'unknown'],
  ]));

describe('Fn::Base64, Fn::Cidr, Fn::Length and Fn::ToJsonString', () => {
  const blocks = { 'Fn::Cidr': ['10.0.1.0/16', 3, 8] };
  const is = (value: Json, expected: Json): [Json, Template] => [
    If('Asked', true, false),
    { Conditions: { Asked: Equals(value, expected) } },
  ];
  it.each<[string, Json, Json, Verdict]>([
    ['Base64', { 'Fn::Base64': 'true' }, 'dHJ1ZQ==', 'compliant'],
    ['Base64 of another', { 'Fn::Base64': 'false' }, 'dHJ1ZQ==', 'violation'],
    ['Base64 of something unresolved', { 'Fn::Base64': Ref('Free') }, 'dHJ1ZQ==', 'unknown'],
    ['Cidr', Select(2, blocks), '10.0.2.0/24', 'compliant'],
    ['another Cidr', Select(1, blocks), '10.0.2.0/24', 'violation'],
    ['Cidr of IPv6', Select(1, { 'Fn::Cidr': ['2001:db8::/56', '2', '64'] }), '2001:db8:0:1::/64', 'compliant'],
    ['Cidr of something unresolved', Select(0, { 'Fn::Cidr': [Ref('Free'), 3, 8] }), '10.0.2.0/24', 'unknown'],
    ['Cidr of more blocks than fit', Select(0, { 'Fn::Cidr': ['10.0.0.0/24', 3, 8] }), '10.0.0.0/24', 'unknown'],
    ['Length', { 'Fn::Length': [1, Ref('Free')] }, 2, 'compliant'],
    ['another Length', { 'Fn::Length': Split(',', 'a,b,c') }, 2, 'violation'],
    ['Length of something unresolved', { 'Fn::Length': Ref('List') }, 2, 'unknown'],
    ['ToJsonString', { 'Fn::ToJsonString': { a: [1, Ref('Yes')] } }, '{"a":[1,"true"]}', 'compliant'],
    ['another ToJsonString', { 'Fn::ToJsonString': { a: [1] } }, '{"a":[2]}', 'violation'],
    ['ToJsonString with something unresolved', { 'Fn::ToJsonString': { a: Ref('Free') } }, '{"a":1}', 'unknown'],
  ])('%s', (_name, value, expected, verdict) => expect(verdictOf(...is(value, expected))).toBe(verdict));
});

describe('an unresolved value', () =>
  table([
    ['Fn::GetAtt', { 'Fn::GetAtt': ['Resource', 'Locked'] }, 'unknown'],
    ['Fn::GetAZs', { 'Fn::GetAZs': '' }, 'unknown'],
    ['Fn::ImportValue', { 'Fn::ImportValue': 'true' }, 'unknown'],
    ['Fn::Transform', { 'Fn::Transform': { Name: 'Mine' } }, 'unknown'],
    ['an unknown function', { 'Fn::Tomorrow': 'true' }, 'unknown'],
    ['a dynamic reference', '{{resolve:ssm:locked:1}}', 'unknown'],
  ]));

it('has no finding for a resource whose condition is always false', () => {
  const Resources = { It: { Type: word.resource, Condition: 'Never', Properties: { Locked: false } } };
  expect(evaluate([word], { Conditions, Resources })).toMatchObject({ findings: [], compliant: 0 });
});

it('keeps a property of any name', () => {
  const written = JSON.parse('{ "__proto__": { "a": 1 }, "b": { "Fn::Sub": "c" }, "d": { "Ref": "AWS::NoValue" } }');
  expect(JSON.stringify(resolve(written, {}, {}))).toBe('{"__proto__":{"a":1},"b":"c"}');
});
