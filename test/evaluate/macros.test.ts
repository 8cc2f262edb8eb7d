import { describe, expect, it } from 'vitest';
import { evaluate, type Load, nestedStacks, referencedFiles, type Template } from '../../lib/evaluate/index.ts';
import type { Json } from '../../lib/model/control.ts';
import { exampleControls, house, lock } from './fixtures.ts';

const Ref = (name: string) => ({ Ref: name });
const Sub = (text: string) => ({ 'Fn::Sub': text });
const door = (Locked: Json) => ({ Type: lock.resource, Properties: { Locked } });

/** The verdict of each resource, and the parts that are not evaluated or deferred. */
function evaluated(template: Json, files: { readonly [path: string]: Json } = {}) {
  const verdicts: { [id: string]: string } = {};
  const { findings, notEvaluated, deferred } = evaluate(exampleControls, template as Template, {
    load: (path) => files[path],
    onCompliant: (_control, id) => {
      verdicts[id] = 'compliant';
    },
  });
  for (const { logicalId, verdict } of findings) verdicts[logicalId] = verdict;
  const places = (list: typeof notEvaluated) => list.map(({ path }) => path.join('.'));
  return { verdicts, notEvaluated: places(notEvaluated), deferred: places(deferred) };
}
const clean = { notEvaluated: [], deferred: [] };

describe('Fn::ForEach', () => {
  const Transform = 'AWS::LanguageExtensions';
  const Parameters = {
    Names: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Yes: { Type: 'String', AllowedValues: ['a'] },
  };
  const Mappings = { Locks: { a: { locked: true, doors: ['x', 'y'] }, b: { locked: false, doors: ['z'] } } };
  const loop = (Resources: Json, rest = {}) => evaluated({ Transform, Parameters, Mappings, Resources, ...rest });

  it('generates a resource for each item, with both placeholders and Ref', () => {
    const Resources = {
      'Fn::ForEach::Doors': [
        'N',
        ['a', Ref('Yes'), 'b'],
        { 'Door${N}': door({ 'Fn::FindInMap': ['Locks', Ref('N'), 'locked'] }), 'Also&{N}': door(Sub(`\${N}`)) },
      ],
    };
    const verdicts = { Doora: 'compliant', Doorb: 'violation', Alsoa: 'unknown', Alsob: 'unknown' };
    expect(loop(Resources)).toEqual({ verdicts, ...clean });
  });

  it('uses only letters and digits for an ampersand', () => {
    const Resources = { 'Fn::ForEach::Doors': ['N', ['10.0/1'], { 'Door&{N}': door(Sub(`\${N}`)) }] };
    expect(loop(Resources).verdicts).toEqual({ Door1001: 'unknown' });
  });

  it('unrolls nested loops', () => {
    const inner = {
      'Fn::ForEach::Inner': ['D', { 'Fn::FindInMap': ['Locks', Ref('N'), 'doors'] }, { '${N}${D}': door(true) }],
    };
    expect(loop({ 'Fn::ForEach::Outer': ['N', ['a', 'b'], inner] }).verdicts).toEqual({
      ax: 'compliant',
      ay: 'compliant',
      bz: 'compliant',
    });
  });

  it('generates properties and conditions too', () => {
    const properties = { 'Fn::ForEach::P': ['P', ['Locked', 'Sign'], { '${P}': true }] };
    const Conditions = { 'Fn::ForEach::C': ['C', ['a', 'b'], { 'Is${C}': { 'Fn::Equals': [Ref('C'), 'a'] } }] };
    const If = (name: string) => ({ 'Fn::If': [name, true, false] });
    const Resources = { Door: { Type: lock.resource, Properties: properties }, A: door(If('Isa')), B: door(If('Isb')) };
    const verdicts = { Door: 'compliant', A: 'compliant', B: 'violation' };
    expect(loop(Resources, { Conditions })).toEqual({ verdicts, ...clean });
  });

  it('is deferred if its items are unresolved, and so are resources that depend on it', () => {
    const Resources = {
      House: { Type: house.resource },
      Door: door(false),
      'Fn::ForEach::More': [
        'N',
        Ref('Names'),
        { 'Door${N}': { Type: lock.resource, Properties: { House: Ref('House') } } },
      ],
    };
    expect(loop(Resources)).toEqual({
      verdicts: { House: 'unknown', Door: 'violation' },
      notEvaluated: [],
      deferred: ['Resources.Fn::ForEach::More'],
    });
    const properties = { 'Fn::ForEach::P': ['P', Ref('Names'), { '${P}': true }], Locked: false };
    expect(loop({ Door: { Type: lock.resource, Properties: properties } }).verdicts).toEqual({ Door: 'unknown' });
  });

  it('is not evaluated without the transform or if it is malformed', () => {
    const Resources = { 'Fn::ForEach::Doors': ['N', ['a'], { 'Door${N}': door(true) }] };
    expect(evaluated({ Resources }).notEvaluated).toEqual(['Resources.Fn::ForEach::Doors']);
    expect(loop({ 'Fn::ForEach::Doors': ['N', ['a']] }).notEvaluated).toEqual(['Resources.Fn::ForEach::Doors']);
  });

  it('is deferred above the limit of iterations', () => {
    const many = Array.from({ length: 300 }, (_, n) => `i${n}`);
    const inner = { 'Fn::ForEach::Inner': ['D', many, { '${N}${D}': door(true) }] };
    expect(loop({ 'Fn::ForEach::Outer': ['N', many, inner] })).toEqual({
      verdicts: {},
      notEvaluated: [],
      deferred: ['Resources.Fn::ForEach::Outer'],
    });
  });
});

describe('AWS::Include', () => {
  const include = (Location: Json) => ({ 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location } } });
  const files = {
    'doors.yaml': { Side: door(true) },
    'lock.json': { Locked: true },
    'all.yaml': { Resources: { Top: door(true) } },
  };

  it('includes a local file', () => {
    const Resources = {
      Door: { Type: lock.resource, Properties: include('lock.json') },
      ...include('doors.yaml'),
    };
    const Transform = [{ Name: 'AWS::Include', Parameters: { Location: 'all.yaml' } }, 'AWS::Serverless-2016-10-31'];
    const verdicts = { Door: 'compliant', Side: 'compliant', Top: 'compliant' };
    expect(evaluated({ Transform, Resources }, files)).toEqual({ verdicts, ...clean });
    const found = referencedFiles({ Transform, Resources } as Template);
    expect(found.toSorted()).toEqual(['all.yaml', 'doors.yaml', 'lock.json']);
  });

  it('is unknown for a remote file', () => {
    const Resources = {
      Door: { Type: lock.resource, Properties: { ...include('s3://bucket/lock.json'), Locked: true } },
      House: { Type: house.resource },
      ...include({ 'Fn::Sub': 's3://bucket/doors.yaml' }),
    };
    expect(evaluated({ Resources }, files)).toEqual({
      verdicts: { Door: 'unknown', House: 'unknown' },
      notEvaluated: ['Resources.Fn::Transform'],
      deferred: [],
    });
    expect(referencedFiles({ Resources } as never)).toEqual([]);
    expect(evaluated({ Transform: { Name: 'AWS::Include' }, Resources: {} }).notEvaluated).toEqual(['Transform']);
  });
});

it('is unknown for a resource with a macro', () => {
  const Resources = { Door: { ...door(true), 'Fn::Transform': { Name: 'Mine' } } };
  expect(evaluated({ Resources }).verdicts).toEqual({ Door: 'unknown' });
});

describe('SAM', () => {
  it('evaluates CloudFormation resources and defers SAM resources, with or without globals', () => {
    const template = {
      Transform: 'AWS::Serverless-2016-10-31',
      Globals: { Function: { Locked: true } },
      Resources: { Door: door(false), Api: { Type: 'AWS::Serverless::Api' } },
    };
    expect(evaluated(template)).toEqual({
      verdicts: { Door: 'violation' },
      notEvaluated: [],
      deferred: ['Resources.Api'],
    });
    const own = { ...lock, templateType: 'AWS::Serverless::Api' };
    expect(evaluate([own], template).findings).toEqual([]);
  });
});

it('defers modules, and stacks whose templates are not available', () => {
  const Resources = {
    Module: { Type: 'My::Own::Door::MODULE' },
    Stack: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/child.yaml' } },
    Set: { Type: 'AWS::CloudFormation::StackSet' },
    Local: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'missing.yaml' } },
  };
  expect(evaluated({ Resources })).toEqual({
    verdicts: {},
    notEvaluated: [],
    deferred: ['Resources.Module', 'Resources.Stack', 'Resources.Set', 'Resources.Local'],
  });
  expect(referencedFiles({ Resources })).toEqual(['missing.yaml']);
});

describe('a nested stack', () => {
  const child = {
    Parameters: {
      Locked: { Type: 'String' },
      Other: { Type: 'String', Default: 'true' },
      List: { Type: 'CommaDelimitedList' },
      Stored: { Type: 'AWS::SSM::Parameter::Value<String>', Default: 'true' },
      Unset: { Type: 'String' },
    },
    Resources: {
      It: door(Ref('Locked')),
      Default: door(Ref('Other')),
      Listed: door({ 'Fn::Select': [1, Ref('List')] }),
      Stored: door(Ref('Stored')),
      Unset: door(Ref('Unset')),
    },
  };
  const load: Load = (path) => (path === 'child.yaml' ? child : undefined);
  const parent = (Parameters: Json, rest = {}): Template => ({
    Parameters: { YesNo: { Type: 'String', AllowedValues: ['true', 'false'] }, Free: { Type: 'String' } },
    Resources: {
      Child: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: './child.yaml', Parameters }, ...rest },
    },
  });
  const verdicts = (Parameters: Json) => {
    const template = parent(Parameters);
    const [only] = nestedStacks(template, (path) => load(path.replace('./', '')));
    expect(only).toMatchObject({ logicalId: 'Child', path: './child.yaml' });
    return evaluated(only?.template as never).verdicts; // a template is JSON
  };

  it.each<[string, Json, Json]>([
    ['a literal that complies', 'true', 'compliant'],
    ['a literal that violates', false, 'violation'],
    ['a function of literals', { 'Fn::Join': ['', ['tr', 'ue']] }, 'compliant'],
    ['one of several allowed values', Ref('YesNo'), 'unknown'],
    ['any value', Ref('Free'), 'unknown'],
    ['the output of another stack', { 'Fn::GetAtt': ['Other', 'Outputs.X'] }, 'unknown'],
    ['AWS::NoValue', Ref('AWS::NoValue'), 'unknown'],
  ])('receives %s', (_name, Locked, verdict) => expect(verdicts({ Locked }).It).toBe(verdict));

  it('uses the defaults of parameters that it does not receive, except Parameter Store keys', () => {
    expect(verdicts({ Locked: 'true' })).toMatchObject({ Default: 'compliant', Stored: 'unknown', Unset: 'unknown' });
    expect(verdicts({ Other: Ref('Free') })).toMatchObject({ Default: 'unknown' });
    expect(verdicts(Ref('Free'))).toMatchObject({ Default: 'unknown' });
  });

  it.each([
    ['next to its properties', { 'Fn::Transform': { Name: 'Passer' } }],
    ['among its properties', { Properties: { TemplateURL: 'child.yaml', 'Fn::Transform': { Name: 'Passer' } } }],
  ])('is evaluated for all values that a macro %s may pass', (_name, rest) => {
    const [only] = nestedStacks(parent({ Locked: 'true' }, rest), () => child);
    expect(evaluated(only?.template as never).verdicts).toMatchObject({ It: 'unknown', Default: 'unknown' }); // see above
  });

  it('uses the default of a parameter named like a built-in property', () => {
    const named = {
      Parameters: { constructor: { Type: 'String', Default: 'true' } },
      Resources: { It: door(Ref('constructor')) },
    };
    const [only] = nestedStacks(parent({}), () => named);
    expect(evaluated(only?.template as never).verdicts).toEqual({ It: 'compliant' }); // see above
  });

  it('receives a list as a string or as a list', () => {
    expect(verdicts({ List: 'false, true' }).Listed).toBe('compliant');
    expect(verdicts({ List: ['true', 'false'] }).Listed).toBe('violation');
  });

  it('is found by the asset of CDK or the location of SAM', () => {
    const url = { 'Fn::Sub': `https://s3.\${AWS::Region}.amazonaws.com/x.json` };
    const Metadata = { 'aws:asset:path': 'child.yaml', 'aws:asset:property': 'TemplateURL' };
    const cdk = { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url }, Metadata };
    const sam = { Type: 'AWS::Serverless::Application', Properties: { Location: 'child.yaml' } };
    const repository = { Type: 'AWS::Serverless::Application', Properties: { Location: { ApplicationId: 'x' } } };
    const template = { Resources: { Cdk: cdk, Sam: sam, Repository: repository } };
    expect(nestedStacks(template, load).map(({ logicalId }) => logicalId)).toEqual(['Cdk', 'Sam']);
    expect(evaluate([], template, { load }).deferred.map(({ path }) => path[1])).toEqual(['Repository']);
  });
});
