import { describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/evaluate/evaluate.ts';
import type { Template } from '../../lib/evaluate/template/template.ts';
import type { Control, Json } from '../../lib/model/control.ts';
import { bell, guests, house, lock } from './fixtures.ts';

type Properties = { [name: string]: Json };
type Verdict = 'compliant' | 'violation' | 'unknown';

const Ref = (name: string) => ({ Ref: name });
const If = (condition: string, yes: Json, no: Json) => ({ 'Fn::If': [condition, yes, no] });
const NoValue = Ref('AWS::NoValue');

const Parameters = {
  Free: { Type: 'String' },
  Yes: { Type: 'String', AllowedValues: ['true'] },
  YesNo: { Type: 'String', AllowedValues: ['true', 'false'] },
  Hour: { Type: 'Number', AllowedValues: [1, 2] },
  FromSsm: { Type: 'AWS::SSM::Parameter::Value<String>', AllowedValues: ['true'] },
};

function verdictOf(control: Control, properties: Properties, rest: Partial<Template> = {}): Verdict {
  const It = { Type: control.resource, Properties: properties };
  const { findings } = evaluate([control], { Parameters, ...rest, Resources: { It, ...rest.Resources } });
  return findings[0]?.verdict ?? 'compliant';
}

describe('a literal value', () => {
  it.each<[Properties, Verdict]>([
    [{ Locked: true }, 'compliant'],
    [{ Locked: false }, 'violation'],
    [{}, 'violation'],
    [{ Locked: 'true' }, 'compliant'],
    [{ Locked: 'False' }, 'violation'],
  ])('%j is %s', (properties, verdict) => expect(verdictOf(lock, properties)).toBe(verdict));

  it('accepts numbers as strings, and strings as numbers', () => {
    expect(verdictOf(guests, { Guests: [{ Name: 'anyone', From: '23', To: '24' }] })).toBe('compliant');
    expect(verdictOf(guests, { Guests: [{ Name: 'anyone', From: '22', To: '24' }] })).toBe('violation');
  });
});

describe('conditions and parameters', () => {
  it.each<[string, Properties, Verdict]>([
    ['both branches comply', { Locked: If('C', true, 'true') }, 'compliant'],
    ['both violate', { Locked: If('C', false, NoValue) }, 'violation'],
    ['one of two violates', { Locked: If('C', true, false) }, 'unknown'],
    ['nested with one value per condition', { Locked: If('C', If('C', true, false), true) }, 'compliant'],
    ['true is the only allowed value', { Locked: Ref('Yes') }, 'compliant'],
    ['allowed values are true and false', { Locked: Ref('YesNo') }, 'unknown'],
    ['AllowedValues of an SSM parameter name its key', { Locked: Ref('FromSsm') }, 'unknown'],
    ['a parameter of any value', { Locked: Ref('Free') }, 'unknown'],
    ['AWS::NoValue is absence', { Locked: NoValue }, 'violation'],
    ['a dynamic reference', { Locked: '{{resolve:ssm:locked}}' }, 'unknown'],
    ['an unresolved property that does not matter', { Locked: true, Sign: Ref('Free') }, 'compliant'],
    ['a violation with an unresolved property that does not matter', { Locked: false, Sign: Ref('Free') }, 'violation'],
    ['a macro among the properties', { 'Fn::Transform': { Name: 'AWS::Include' }, Locked: true }, 'unknown'],
  ])('%s', (_name, properties, verdict) => expect(verdictOf(lock, properties)).toBe(verdict));

  it('evaluates a resource with a condition only where the condition holds', () => {
    const It = { Type: lock.resource, Condition: 'C', Properties: { Locked: If('C', true, false) } };
    expect(evaluate([lock], { Resources: { It } })).toMatchObject({ findings: [], compliant: 1 });
  });

  it('evaluates 64 combinations, and is unknown above', () => {
    const chain = (depth: number): Json =>
      depth === 0 ? true : { 'Fn::If': [`C${depth}`, chain(depth - 1), chain(depth - 1)] };
    expect(verdictOf(lock, { Locked: chain(6) })).toBe('compliant');
    expect(verdictOf(lock, { Locked: chain(7) })).toBe('unknown');
  });
});

describe('lists with unresolved values', () => {
  const fine = { Name: 'anyone', From: 1, To: 2 };
  const wrong = { Name: 'anyone', From: 22, To: 22 };
  it.each<[string, Json[], Verdict]>([
    ['a name that may be anyone', [{ Name: Ref('Free'), From: 22, To: 22 }], 'unknown'],
    ['hours that may be 22', [{ Name: 'anyone', From: Ref('Free'), To: Ref('Free') }], 'unknown'],
    ['hours from a few allowed values', [{ Name: 'anyone', From: Ref('Hour'), To: Ref('Hour') }], 'compliant'],
    ['a name that does not matter', [{ Name: Ref('Free'), From: 1, To: 2 }], 'compliant'],
    ['a violation with a remark that is unresolved', [{ Name: 'anyone', Remark: Ref('Free') }], 'violation'],
    ['a violation beside an unresolved one', [{ Name: Ref('Free') }, { Name: 'anyone' }], 'violation'],
    [
      'several violations with an unresolved remark',
      [1, 2, 3].map(() => ({ Name: 'anyone', Remark: Ref('Free') })),
      'violation',
    ],
    [
      'a violation beside several unresolved items',
      [{ Name: Ref('Free') }, { From: Ref('Free') }, { Name: 'anyone' }],
      'violation',
    ],
    [
      'a harmless one beside several',
      [fine, { ...fine, Name: Ref('Free') }, { ...fine, Remark: Ref('Free') }],
      'compliant',
    ],
    [
      'two that need another hour each',
      [
        { ...wrong, From: Ref('Free') },
        { ...wrong, To: Ref('Free') },
      ],
      'unknown',
    ],
    ['a whole item unresolved', [fine, Ref('Free')], 'unknown'],
    ['a conditional item', [fine, If('C', { Name: 'anyone' }, NoValue)], 'unknown'],
    ['a harmless conditional item', [fine, If('C', fine, NoValue)], 'compliant'],
  ])('%s', (_name, list, verdict) => expect(verdictOf(guests, { Guests: list })).toBe(verdict));

  it('is unknown for an unresolved list', () => {
    expect(verdictOf(guests, { Guests: Ref('Free') })).toBe('unknown');
  });
});

it('never reports an unresolved value as a violation if the control has no repair', () => {
  expect(verdictOf(bell, { Locked: Ref('Free') })).toBe('unknown');
  expect(verdictOf(bell, { Locked: false })).toBe('violation');
});

describe('a state in another resource', () => {
  const door = (properties: Properties, Condition?: string) => ({
    Door: { Type: lock.resource, Properties: { House: Ref('It'), ...properties }, ...(Condition ? { Condition } : {}) },
  });
  it.each<[string, NonNullable<Template['Resources']>, Verdict]>([
    ['is found', door({ Locked: true }), 'compliant'],
    ['is missing', {}, 'violation'],
    ['belongs to another resource', { ...door({ Locked: true, House: Ref('Other') }) }, 'violation'],
    ['exists under a condition', door({ Locked: true }, 'C'), 'unknown'],
    ['exists under a condition and is a violation', door({ Locked: false }, 'C'), 'violation'],
    [
      'belongs to the resource under a condition',
      door({ Locked: true, House: If('C', Ref('It'), Ref('B')) }),
      'unknown',
    ],
    ['is unresolved', door({ Locked: Ref('Free') }), 'unknown'],
    ['is referred to by Fn::Sub', door({ Locked: true, House: { 'Fn::Sub': `\${It}` } }), 'compliant'],
    [
      'is named by a parameter of one value',
      door({ Locked: true, House: { Ref: 'It' }, Sign: Ref('Yes') }),
      'compliant',
    ],
  ])('%s', (_name, Resources, verdict) => expect(verdictOf(house, {}, { Resources })).toBe(verdict));

  it('is found among referencing resources, regardless of conditions of others', () => {
    const others = Array.from({ length: 10 }, (_, n) => [
      `Door${n}`,
      { Type: lock.resource, Condition: `C${n}`, Properties: { House: Ref('Other') } },
    ]);
    const Resources = { ...Object.fromEntries(others), ...door({ Locked: true }), Other: { Type: 'Toy::House::Shed' } };
    expect(verdictOf(house, {}, { Resources })).toBe('compliant');
  });

  it('is named in the remedy', () => {
    const Resources = { It: { Type: house.resource }, ...door({ Locked: false }) };
    expect(evaluate([house], { Resources }).findings).toMatchObject([
      { logicalId: 'It', at: 'Door', property: 'Properties.Locked', remedy: ['in Door:', expect.any(String)] },
    ]);
  });
});

describe('a finding', () => {
  const find = (control: Control, properties: Properties) =>
    evaluate([control], { Resources: { It: { Type: control.resource, Properties: properties } } }).findings[0];

  it('has a sentence, a property and a remedy', () => {
    expect(find(lock, { Locked: false })).toEqual({
      control: 'lock',
      severity: 'low',
      verdict: 'violation',
      logicalId: 'It',
      sentence: 'The door is not locked.',
      property: 'Properties.Locked',
      path: ['Properties', 'Locked'],
      remedy: ['set Properties.Locked to true (was false)'],
      change: { from: { Locked: false }, to: { Locked: true } },
    });
  });

  it('shows the guidance of a control without a repair', () => {
    expect(find(bell, {})).toMatchObject({ property: 'Properties.Locked', remedy: ['Ask the janitor.'] });
  });

  it('names the unresolved value and has no remedy', () => {
    const found = find(guests, { Guests: [{ Name: { Ref: 'Free' } }] });
    expect(found).toMatchObject({ property: 'Properties.Guests.0.Name', remedy: [] });
    expect(found?.sentence).toBe('Guests.0.Name is a deploy-time value; checked after deployment.');
  });
});

it('is unknown if the rule throws', () => {
  const broken: Control = {
    ...lock,
    check() {
      throw new TypeError('no such thing');
    },
  };
  const { findings } = evaluate([broken], { Resources: { It: { Type: lock.resource } } });
  expect(findings).toMatchObject([{ verdict: 'unknown', sentence: 'No such thing; checked after deployment.' }]);
});

it('lists the parts of a template that are not evaluated', () => {
  const { notEvaluated } = evaluate([lock], {
    Transform: ['AWS::Serverless-2016-10-31', 'Mine'],
    Resources: { 'Fn::ForEach::Doors': {} },
  });
  expect(notEvaluated.map(({ path }) => path.join('.'))).toEqual(['Transform', 'Resources.Fn::ForEach::Doors']);
});

it('uses the parameters, and skips resources that do not apply', () => {
  const aged: Control = {
    ...lock,
    parameters: { sign: 'a' },
    check: (state, { sign }) => (state.Sign === sign ? 'compliant' : { violation: 'Another sign.' }),
  };
  const template = { Resources: { It: { Type: lock.resource, Properties: { Sign: 'b' } } } };
  expect(evaluate([aged], template).findings).toHaveLength(1);
  expect(evaluate([aged], template, { parameters: { lock: { sign: 'b' } } }).findings).toHaveLength(0);
  expect(evaluate([aged], template, { applies: () => false })).toMatchObject({ findings: [], compliant: 0 });
});

describe('resources with equal properties', () => {
  const door = (Properties: Properties, rest = {}) => ({ Type: lock.resource, Properties, ...rest });
  const findingsOf = (template: Template) =>
    evaluate([lock], template).findings.map(({ logicalId, at, verdict, change }) => ({
      logicalId,
      at,
      verdict,
      change,
    }));

  it('each have their own finding and remedy', () => {
    const change = { from: { Locked: false }, to: { Locked: true } };
    expect(
      findingsOf({ Resources: { Front: door({ Locked: false }), Back: door({ Locked: false, Colour: 'red' }) } }),
    ).toEqual([
      { logicalId: 'Front', verdict: 'violation', change },
      { logicalId: 'Back', verdict: 'violation', change },
    ]);
  });

  it('are evaluated separately if one has a condition', () => {
    const Conditions = { Never: { 'Fn::Not': [{ 'Fn::Equals': [Ref('Yes'), 'true'] }] }, C: { Custom: [] } };
    const Sign = If('C', 'in', 'out');
    const Locked = If('C', true, false);
    const Resources = { Front: door({ Locked, Sign }), Back: door({ Locked, Sign }, { Condition: 'C' }) };
    expect(findingsOf({ Parameters, Conditions, Resources })).toMatchObject([
      { logicalId: 'Front', verdict: 'unknown' },
    ]);
  });

  it.each([
    ['a macro', { 'Fn::Transform': { Name: 'Rewriter' } }],
    ['a function instead of the properties', { Properties: If('C', { Locked: true }, { Locked: false }) }],
  ])('are evaluated separately if %s may set other properties', (_name, rest) => {
    const Resources = { Front: door({}), Back: door({}, rest) } as Template['Resources']; // a malformed template
    expect(findingsOf({ Resources })).toMatchObject([
      { logicalId: 'Front', verdict: 'violation' },
      { logicalId: 'Back', verdict: 'unknown' },
    ]);
  });
});

it('does not evaluate a resource whose Type is not a string', () => {
  const Resources = { It: { Type: [lock.resource], Properties: {} } };
  expect(evaluate([lock], { Resources })).toMatchObject({
    findings: [],
    compliant: 0,
    notEvaluated: [{ path: ['Resources', 'It'] }],
  });
});

it('is unknown for a value that is nested too deeply, and evaluates the other resources', () => {
  const deep = Array.from({ length: 50_000 }).reduce<Json>((value) => [value], true);
  const Resources = {
    Deep: { Type: lock.resource, Properties: { Locked: deep } },
    Front: { Type: lock.resource, Properties: { Locked: false } },
  };
  expect(evaluate([lock], { Resources }).findings).toMatchObject([
    { logicalId: 'Deep', verdict: 'unknown' },
    { logicalId: 'Front', verdict: 'violation' },
  ]);
});

it('accepts "true" for a boolean property', () => {
  expect(verdictOf(lock, { Locked: 'true' })).toBe('compliant');
  expect(verdictOf(lock, { Locked: 'false', Sign: 'x' })).toBe('violation');
});

it('shows a control the same properties of another resource by every kind of access', () => {
  const read: unknown[] = [];
  const reader: Control = {
    ...house,
    template: {
      properties: ['Locked'],
      locate(_logicalId, resources) {
        const { Properties = {} } = resources.Front ?? {};
        read.push({ ...Properties }, Object.keys(Properties), 'Locked' in Properties, 'Colour' in Properties);
        read.push(JSON.stringify(Properties), Properties.toString);
        return { state: { Locked: Properties.Locked as boolean } }; // as the template below has it
      },
    },
  };
  const Front = { Type: lock.resource, Properties: { Locked: If('Always', true, false), Sign: NoValue } };
  const Conditions = { Always: { 'Fn::Equals': [1, 1] } };
  expect(verdictOf(reader, {}, { Conditions, Resources: { Front } })).toBe('compliant');
  expect(read).toEqual([{ Locked: true }, ['Locked', 'Sign'], true, false, '{"Locked":true}', undefined]);
});

it('ignores parameter values that CloudFormation rejects for a violation only', () => {
  const Parameters = { Stage: { Type: 'String' } };
  const Conditions = { IsProd: { 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] } };
  const verdict = (Locked: Json) => {
    const It = { Type: lock.resource, Properties: { Locked: { 'Fn::If': ['IsProd', { Ref: 'Stage' }, Locked] } } };
    return evaluate([lock], { Parameters, Conditions, Resources: { It } }).findings[0]?.verdict;
  };
  expect(verdict(false)).toBe('violation');
  expect(verdict(true)).toBe('unknown');
});
