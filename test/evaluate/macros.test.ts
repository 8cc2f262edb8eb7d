import { describe, expect, it } from 'vitest';
import { evaluate, type Load, nestedStacks, referencedFiles, type Template } from '../../lib/evaluate/index.ts';
import type { Json } from '../../lib/model/control.ts';
import { house, lock, toys } from './fixtures.ts';

const Ref = (name: string) => ({ Ref: name });
const Sub = (text: string) => ({ 'Fn::Sub': text });
const door = (Locked: Json) => ({ Type: lock.resource, Properties: { Locked } });

/** Each resource's verdict, and what else the judge says. */
function told(template: Json, files: { readonly [path: string]: Json } = {}) {
  const verdicts: { [id: string]: string } = {};
  const { findings, notEvaluated, deferred } = evaluate(toys, template as Template, {
    load: (path) => files[path],
    onCompliant: (_control, id) => {
      verdicts[id] = 'compliant';
    },
  });
  for (const { logicalId, verdict } of findings) verdicts[logicalId] = verdict;
  const places = (list: typeof notEvaluated) => list.map(({ path }) => path.join('.'));
  return { verdicts, gaps: places(notEvaluated), deferred: places(deferred) };
}
const clean = { gaps: [], deferred: [] };

describe('Fn::ForEach', () => {
  const Transform = 'AWS::LanguageExtensions';
  const Parameters = {
    Names: { Type: 'CommaDelimitedList', Default: 'a,b' },
    Yes: { Type: 'String', AllowedValues: ['a'] },
  };
  const Mappings = { Locks: { a: { locked: true, doors: ['x', 'y'] }, b: { locked: false, doors: ['z'] } } };
  const loop = (Resources: Json, rest = {}) => told({ Transform, Parameters, Mappings, Resources, ...rest });

  it('makes a resource for each item, by both spellings of the name and by Ref', () => {
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

  it('takes letters and digits alone where the ampersand asks for them', () => {
    const Resources = { 'Fn::ForEach::Doors': ['N', ['10.0/1'], { 'Door&{N}': door(Sub(`\${N}`)) }] };
    expect(loop(Resources).verdicts).toEqual({ Door1001: 'unknown' });
  });

  it('loops in loops', () => {
    const inner = {
      'Fn::ForEach::Inner': ['D', { 'Fn::FindInMap': ['Locks', Ref('N'), 'doors'] }, { '${N}${D}': door(true) }],
    };
    expect(loop({ 'Fn::ForEach::Outer': ['N', ['a', 'b'], inner] }).verdicts).toEqual({
      ax: 'compliant',
      ay: 'compliant',
      bz: 'compliant',
    });
  });

  it('makes properties and conditions too', () => {
    const properties = { 'Fn::ForEach::P': ['P', ['Locked', 'Sign'], { '${P}': true }] };
    const Conditions = { 'Fn::ForEach::C': ['C', ['a', 'b'], { 'Is${C}': { 'Fn::Equals': [Ref('C'), 'a'] } }] };
    const If = (name: string) => ({ 'Fn::If': [name, true, false] });
    const Resources = { Door: { Type: lock.resource, Properties: properties }, A: door(If('Isa')), B: door(If('Isb')) };
    const verdicts = { Door: 'compliant', A: 'compliant', B: 'violation' };
    expect(loop(Resources, { Conditions })).toEqual({ verdicts, ...clean });
  });

  it('is known only at deployment where its items are, and so is what they may bear on', () => {
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
      gaps: [],
      deferred: ['Resources.Fn::ForEach::More'],
    });
    const properties = { 'Fn::ForEach::P': ['P', Ref('Names'), { '${P}': true }], Locked: false };
    expect(loop({ Door: { Type: lock.resource, Properties: properties } }).verdicts).toEqual({ Door: 'unknown' });
  });

  it('is a gap without the transform, and where it is malformed', () => {
    const Resources = { 'Fn::ForEach::Doors': ['N', ['a'], { 'Door${N}': door(true) }] };
    expect(told({ Resources }).gaps).toEqual(['Resources.Fn::ForEach::Doors']);
    expect(loop({ 'Fn::ForEach::Doors': ['N', ['a']] }).gaps).toEqual(['Resources.Fn::ForEach::Doors']);
  });

  it('has an end', () => {
    const many = Array.from({ length: 300 }, (_, n) => `i${n}`);
    const inner = { 'Fn::ForEach::Inner': ['D', many, { '${N}${D}': door(true) }] };
    expect(loop({ 'Fn::ForEach::Outer': ['N', many, inner] })).toEqual({
      verdicts: {},
      gaps: [],
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

  it('takes in a local snippet', () => {
    const Resources = {
      Door: { Type: lock.resource, Properties: include('lock.json') },
      ...include('doors.yaml'),
    };
    const Transform = [{ Name: 'AWS::Include', Parameters: { Location: 'all.yaml' } }, 'AWS::Serverless-2016-10-31'];
    const verdicts = { Door: 'compliant', Side: 'compliant', Top: 'compliant' };
    expect(told({ Transform, Resources }, files)).toEqual({ verdicts, ...clean });
    const found = referencedFiles({ Transform, Resources } as Template);
    expect(found.toSorted()).toEqual(['all.yaml', 'doors.yaml', 'lock.json']);
  });

  it('does not know what is elsewhere', () => {
    const Resources = {
      Door: { Type: lock.resource, Properties: { ...include('s3://bucket/lock.json'), Locked: true } },
      House: { Type: house.resource },
      ...include({ 'Fn::Sub': 's3://bucket/doors.yaml' }),
    };
    expect(told({ Resources }, files)).toEqual({
      verdicts: { Door: 'unknown', House: 'unknown' },
      gaps: ['Resources.Fn::Transform'],
      deferred: [],
    });
    expect(referencedFiles({ Resources } as never)).toEqual([]);
    expect(told({ Transform: { Name: 'AWS::Include' }, Resources: {} }).gaps).toEqual(['Transform']);
  });
});

it('takes in what a macro writes beside a resource for unknown', () => {
  const Resources = { Door: { ...door(true), 'Fn::Transform': { Name: 'Mine' } } };
  expect(told({ Resources }).verdicts).toEqual({ Door: 'unknown' });
});

describe('SAM', () => {
  it('judges known resources, and leaves its own to deployment, globals or not', () => {
    const template = {
      Transform: 'AWS::Serverless-2016-10-31',
      Globals: { Function: { Locked: true } },
      Resources: { Door: door(false), Api: { Type: 'AWS::Serverless::Api' } },
    };
    expect(told(template)).toEqual({ verdicts: { Door: 'violation' }, gaps: [], deferred: ['Resources.Api'] });
    const own = { ...lock, templateType: 'AWS::Serverless::Api' };
    expect(evaluate([own], template).findings).toEqual([]);
  });
});

it('leaves modules, and stacks whose templates are elsewhere, to deployment', () => {
  const Resources = {
    Module: { Type: 'My::Own::Door::MODULE' },
    Stack: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'https://example.com/child.yaml' } },
    Set: { Type: 'AWS::CloudFormation::StackSet' },
    Local: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'missing.yaml' } },
  };
  expect(told({ Resources })).toEqual({
    verdicts: {},
    gaps: [],
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
    return told(only?.template as never).verdicts; // a template is JSON
  };

  it.each<[string, Json, Json]>([
    ['a literal that complies', 'true', 'compliant'],
    ['a literal that does not', false, 'violation'],
    ['a function of literals', { 'Fn::Join': ['', ['tr', 'ue']] }, 'compliant'],
    ['one of a few values', Ref('YesNo'), 'unknown'],
    ['any value', Ref('Free'), 'unknown'],
    ['the output of another', { 'Fn::GetAtt': ['Other', 'Outputs.X'] }, 'unknown'],
    ['nothing at all', Ref('AWS::NoValue'), 'unknown'],
  ])('is handed %s', (_name, Locked, verdict) => expect(verdicts({ Locked }).It).toBe(verdict));

  it('has its defaults where it is handed nothing, but for what is elsewhere', () => {
    expect(verdicts({ Locked: 'true' })).toMatchObject({ Default: 'compliant', Stored: 'unknown', Unset: 'unknown' });
    expect(verdicts({ Other: Ref('Free') })).toMatchObject({ Default: 'unknown' });
    expect(verdicts(Ref('Free'))).toMatchObject({ Default: 'unknown' });
  });

  it.each([
    ['beside its properties', { 'Fn::Transform': { Name: 'Hander' } }],
    ['among its properties', { Properties: { TemplateURL: 'child.yaml', 'Fn::Transform': { Name: 'Hander' } } }],
  ])('is judged for whatever a macro %s may hand it', (_name, rest) => {
    const [only] = nestedStacks(parent({ Locked: 'true' }, rest), () => child);
    expect(told(only?.template as never).verdicts).toMatchObject({ It: 'unknown', Default: 'unknown' }); // see above
  });

  it('has its default for a parameter with the name of what every object has', () => {
    const named = {
      Parameters: { constructor: { Type: 'String', Default: 'true' } },
      Resources: { It: door(Ref('constructor')) },
    };
    const [only] = nestedStacks(parent({}), () => named);
    expect(told(only?.template as never).verdicts).toEqual({ It: 'compliant' }); // see above
  });

  it('is handed a list as text or as a list', () => {
    expect(verdicts({ List: 'false, true' }).Listed).toBe('compliant');
    expect(verdicts({ List: ['true', 'false'] }).Listed).toBe('violation');
  });

  it('of CDK is found by its asset, that of SAM by its location', () => {
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
