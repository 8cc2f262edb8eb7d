import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { commandLine } from '../../bin/bundle.ts';
import { formats } from '../../bin/check/formats.ts';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);

/** The bundled command. */
let evenkeel: (
  args: readonly string[],
  input?: string | Buffer,
) => ReturnType<typeof spawnSync> & { stdout: string; stderr: string };
beforeAll(async () => {
  const outdir = join(folder, 'dist');
  await build({ ...commandLine, outdir });
  writeFileSync(join(outdir, 'package.json'), '{"type":"module"}');
  evenkeel = (args, input = '') =>
    spawnSync('node', [join(outdir, 'evenkeel.js'), ...args], {
      input,
      encoding: 'utf8',
      maxBuffer: Infinity,
    }) as ReturnType<typeof evenkeel>;
}, 60_000);

const STACK_TRACE = /^\s+at .*[:(]\d+/m;
const good = JSON.stringify({ Resources: { Key: key(true) } });

describe('the bundled command', { timeout: 120_000 }, () => {
  it('evaluates a file, a folder and standard input', () => {
    const path = file('bad/t.json', { Resources: { Key: key() } });
    expect(evenkeel(['check', path])).toMatchObject({ status: 1, stdout: expect.stringContaining('1 violation,') });
    expect(evenkeel(['check', join(folder, 'bad'), '--fail-on', 'high']).status).toBe(0);
    expect(evenkeel(['check', '-'], good)).toMatchObject({ status: 0, stdout: expect.stringContaining('1 compliant') });
    expect(evenkeel(['check', '--diff', '-'], JSON.stringify({ Resources: { Key: key() } })).stdout).toContain('+++ ');
  });

  it('writes no colors into a pipe', () => {
    expect(evenkeel(['check', '-'], '{').stdout).not.toContain('\u001B');
  });

  it.each<[string, () => Buffer | string]>([
    ['50 MB of JSON', () => Buffer.concat([Buffer.from('{"Resources":{"a":"'), Buffer.alloc(50_000_000, 'x')])],
    ['JSON nested 100,000 deep', () => `{"Resources":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}`],
    ['YAML nested 100,000 deep', () => `Resources:\n  A: ${'- '.repeat(100_000)}x`],
    ['binary', () => Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 73) % 256))],
    ['nothing', () => ''],
    ['NULs', () => `Resources:\0 {}`],
    ['UTF-16', () => Buffer.from(`\uFEFF${good}`, 'utf16le')],
    ['a list', () => '[]'],
    [
      'an alias bomb',
      () =>
        [
          'Resources: {}',
          'a0: &a0 [x, x]',
          ...Array.from({ length: 40 }, (_, n) => `a${n + 1}: &a${n + 1} [*a${n}, *a${n}]`),
        ].join('\n'),
    ],
  ])('reports %s as an error in one line', (_name, content) => {
    const { status, stdout, stderr } = evenkeel(['check', file('hostile.template', content())]);
    expect(stdout).toMatch(/hostile\.template\n {2}[-\d:]+ {2}error {2}\w/);
    expect(stderr).toBe('');
    expect(status).toBe(2);
  });

  it('accepts a key that is not a string, without a warning of the parser', () => {
    const { status, stderr } = evenkeel(['check', '-'], '? {a: 1}\n: 3\nResources: {}\n');
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('accepts unusual names and numbers', () => {
    const odd =
      '\uFEFF{"Resources":{"__proto__":{"Type":"AWS::KMS::Key"},"constructor":{"Type":"AWS::KMS::Key","Properties":{"EnableKeyRotation":1e999}},"A":{"Type":"AWS::KMS::Key","Properties":{"EnableKeyRotation":{"Ref":"A"}},"DependsOn":"A"}}}';
    const { status, stderr } = evenkeel(['check', '-'], odd);
    expect(stderr).toBe('');
    expect(status).toBe(1);
  });

  it('ends without an error if the reader closes the pipe', () => {
    const many = file('many.json', {
      Resources: Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`K${n}`, key()])),
    });
    const { stderr } = spawnSync('sh', ['-c', `node ${join(folder, 'dist/evenkeel.js')} check ${many} | head -1`], {
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  });
});

describe('the cost of a check', () => {
  /** The processor's time for a template of so many buckets, in one line. */
  async function cost(how: string, buckets: number): Promise<number> {
    const Resources = Object.fromEntries(
      Array.from({ length: buckets }, (_, n) => [`B${n}`, { Type: 'AWS::S3::Bucket' }]),
    );
    const path = file('many.json', JSON.stringify({ Resources }));
    const before = process.cpuUsage();
    await check(how, path);
    const { user, system } = process.cpuUsage(before);
    return user + system;
  }

  // Without an index, 30,000 resources took minutes.
  it.each(['--format=json', '--diff'])(
    'grows linearly with the template, with %s',
    async (how) => {
      const small = await cost(how, 3_000);
      expect((await cost(how, 15_000)) / small).toBeLessThan(10);
    },
    240_000,
  );
});

/** The exit code is 0, 1 or 2, and there is no stack trace. */
async function expectNoCrash(content: string | Buffer, ...args: string[]): Promise<void> {
  const { status, stdout, stderr } = await check(...args, file('fuzz.template', content));
  expect([0, 1, 2]).toContain(status);
  expect(stdout + stderr).not.toMatch(STACK_TRACE);
}

/** Templates with most features of CloudFormation, for random changes. */
const complete = stringify({
  Transform: ['AWS::LanguageExtensions', 'AWS::Serverless-2016-10-31'],
  Parameters: { P: { Type: 'String', AllowedValues: ['true', 'false'], Default: 'true' } },
  Mappings: { M: { a: { b: true } } },
  Conditions: { C: { 'Fn::Equals': [{ Ref: 'P' }, 'true'] } },
  Resources: {
    Key: key({ 'Fn::If': ['C', { 'Fn::FindInMap': ['M', 'a', 'b'] }, { Ref: 'AWS::NoValue' }] }),
    'Fn::ForEach::L': ['N', ['a', 'b'], { 'K${N}': key({ Ref: 'P' }) }],
    Group: {
      Type: 'AWS::EC2::SecurityGroup',
      Properties: { SecurityGroupIngress: [{ IpProtocol: '-1', CidrIp: '0.0.0.0/0' }] },
    },
    Bucket: { Type: 'AWS::S3::Bucket', Condition: 'C' },
    Policy: {
      Type: 'AWS::S3::BucketPolicy',
      Properties: {
        Bucket: { Ref: 'Bucket' },
        PolicyDocument: { Statement: [{ Effect: 'Deny', Resource: { 'Fn::GetAtt': ['Bucket', 'Arn'] } }] },
      },
    },
    Child: {
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: 'fuzz.template', Parameters: { P: 'true' } },
    },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Metadata: { 'aws:cdk:path': 'A/B' },
      Properties: { SqsManagedSseEnabled: false },
    },
  },
});
const texts = [complete, JSON.stringify(parse(complete), undefined, 1)];

const ODDITIES = [
  '{',
  '}',
  '[',
  ']',
  ':',
  '- ',
  '&a ',
  '*a',
  '!Ref ',
  '!Sub ',
  '"',
  "'",
  '\n',
  '\t',
  '|',
  '<<: ',
  'null',
  '1e999',
  '__proto__',
  '\0',
  '\uD800',
  'Fn::If',
  '---\n',
  '? ',
  '# ',
  ', ',
];
const edit = fc.record({
  at: fc.nat(),
  cut: fc.nat(12),
  put: fc.oneof(fc.constantFrom(...ODDITIES), fc.string({ maxLength: 6 })),
});

/** A template with parts removed and others inserted. */
const mutated = fc
  .tuple(fc.constantFrom(...texts), fc.array(edit, { minLength: 1, maxLength: 6 }))
  .map(([text, edits]) =>
    edits.reduce(
      (now, { at, cut, put }) => now.slice(0, at % now.length) + put + now.slice((at % now.length) + cut),
      text,
    ),
  );

/** A template with values replaced by others. */
const swapped = fc.tuple(fc.nat(), fc.jsonValue({ maxDepth: 3 })).map(([at, value]) => {
  let place = 0;
  return JSON.stringify(parse(complete), (_key, each) => (place++ === at % 90 ? value : each));
});

describe('any input', () => {
  const args = fc.tuple(
    fc.constantFrom<readonly string[]>(...formats.map((format) => ['-f', format]), ['--fix'], ['--diff']),
    fc.constantFrom<readonly string[]>([], ['--fail-on', 'high'], ['--framework', 'cis-v3']),
  );
  it.each<[string, fc.Arbitrary<string | Buffer>]>([
    ['random bytes', fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes))],
    ['templates with pieces changed', mutated],
    ['templates with values swapped', swapped],
  ])(
    '%s: exits with 0, 1 or 2, without a stack trace',
    async (_name, contents) => {
      await fc.assert(
        fc.asyncProperty(contents, args, (content, [how, more]) => expectNoCrash(content, ...how, ...more)),
        { numRuns: 150 },
      );
    },
    120_000,
  );
});
