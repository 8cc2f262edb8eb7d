import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { rewrite, scriptOf } from '../../bin/check/fix/rewrite.ts';
import { parseTemplate } from '../../bin/check/source/parse-template.ts';
import { merge } from '../../lib/evaluate/merge-values.ts';
import type { Json } from '../../lib/model/control.ts';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);

async function fixed(name: string, text: string) {
  const path = file(name, text);
  const { stdout, status } = await check('--fix', path);
  return { text: readFileSync(path, 'utf8'), stdout, status };
}

const KEY = 'Type: AWS::KMS::Key';

describe('--fix in YAML', () => {
  it.each<[string, string, string]>([
    [
      'changes a value and keeps the rest of its line',
      `# Keys\nResources:\n\n    Key: # mine\n        ${KEY}\n        Properties:\n            EnableKeyRotation:   false   # why?\n            Description: !Sub "\${AWS::StackName}"\n`,
      `# Keys\nResources:\n\n    Key: # mine\n        ${KEY}\n        Properties:\n            EnableKeyRotation:   true   # why?\n            Description: !Sub "\${AWS::StackName}"\n`,
    ],
    [
      'adds a property after the last one and its comment',
      `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      Description: |\n        a\n        b\n\n  # next\n  Other: { ${KEY}, Properties: { EnableKeyRotation: true } }\n`,
      `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      Description: |\n        a\n        b\n      EnableKeyRotation: true\n\n  # next\n  Other: { ${KEY}, Properties: { EnableKeyRotation: true } }\n`,
    ],
    [
      'adds Properties',
      `Resources:\n  Key:\n    ${KEY} # last\n`,
      `Resources:\n  Key:\n    ${KEY} # last\n    Properties:\n      EnableKeyRotation: true\n`,
    ],
    [
      'adds Properties if the last line has no line break',
      `Resources:\n  Key:\n    ${KEY}`,
      `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: true`,
    ],
    [
      'fills empty Properties',
      `Resources:\n  Key:\n    ${KEY}\n    Properties:\n    DeletionPolicy: Retain\n`,
      `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: true\n    DeletionPolicy: Retain\n`,
    ],
    [
      'fills empty braces',
      `Resources:\n  Key:\n    ${KEY}\n    Properties: {}\n`,
      `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: true\n`,
    ],
    [
      'writes into braces',
      `Resources: {Key: {Type: "AWS::KMS::Key", Properties: {Description: x}}}\n`,
      `Resources: {Key: {Type: "AWS::KMS::Key", Properties: {Description: x, EnableKeyRotation: true}}}\n`,
    ],
    [
      'keeps Windows line breaks',
      `Resources:\r\n  Key:\r\n    ${KEY}\r\n`,
      `Resources:\r\n  Key:\r\n    ${KEY}\r\n    Properties:\r\n      EnableKeyRotation: true\r\n`,
    ],
    [
      'keeps the byte order mark',
      `\uFEFFResources:\n  Key:\n    ${KEY}\n`,
      `\uFEFFResources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: true\n`,
    ],
    [
      'overrides a merged value',
      `Common: &c\n  EnableKeyRotation: false\nResources:\n  Key:\n    ${KEY}\n    Properties:\n      <<: *c\n`,
      `Common: &c\n  EnableKeyRotation: false\nResources:\n  Key:\n    ${KEY}\n    Properties:\n      <<: *c\n      EnableKeyRotation: true\n`,
    ],
    [
      'replaces an alias, not its anchor',
      `Off: &off false\nResources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: *off\n`,
      `Off: &off false\nResources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: true\n`,
    ],
  ])('%s', async (_name, before, after) => {
    const { text, stdout, status } = await fixed('key.yaml', before);
    expect(text).toBe(after);
    expect(stdout).toMatch(/fixed {2}Key {2}kms-key-rotation/);
    expect(stdout).toContain('0 violations, 1 fixed');
    expect(status).toBe(0);
  });

  it('removes a rule from a list, and keeps the others with intrinsics and comments', async () => {
    const rule = (ports: string, source: string) => `        - { IpProtocol: tcp, ${ports}, CidrIp: ${source} }`;
    const open = rule('FromPort: 22, ToPort: 22', '0.0.0.0/0');
    const web = `${rule('FromPort: 443, ToPort: 443', '0.0.0.0/0')} # public`;
    const office = rule('FromPort: 22, ToPort: 22', '!If [Prod, 10.0.0.0/8, 10.0.0.0/8]');
    const head =
      'Conditions: { Prod: !Equals [!Ref AWS::Region, x] }\nResources:\n  Group:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress:\n';
    const { text, status } = await fixed(
      'group.yaml',
      [head + open, '        # the office', office, web, ''].join('\n'),
    );
    expect(text).toContain(`        # the office\n${office}`);
    expect(text).toContain(web);
    expect(text).not.toContain(open);
    expect(status).toBe(0);
  });

  it('changes the policy of a bucket in place, in the short form of the file', async () => {
    const policy = `  Policy:\n    Type: AWS::S3::BucketPolicy\n    Properties:\n      Bucket: !Ref Bucket\n      PolicyDocument:\n        Statement:\n          - Effect: Allow\n            Principal: { AWS: '111122223333' }\n            Action: s3:GetObject\n            Resource: !Sub '\${Bucket.Arn}/*'\n`;
    const before = `Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n${policy}`;
    const { text } = await fixed('bucket.yaml', before);
    expect(text).toContain(policy);
    expect(text).toMatch(/ {14}- !GetAtt Bucket\.Arn\n {14}- !Sub \$\{Bucket\.Arn\}\/\*\n/);
    const again = await check('--control', 's3-require-tls', file('again.yaml', text));
    expect(again.stdout).toContain('0 violations, 0 unknown, 1 compliant');
  });

  it('replaces a condition only if the fix is the same for both values', async () => {
    const bucket = (policy: string, more = '') =>
      `Conditions: { Prod: !Equals [!Ref AWS::Region, x] }\nResources:\n  B:\n    Type: AWS::S3::Bucket\n    Properties:\n      BucketName: !If [Prod, a, b]\n      PublicAccessBlockConfiguration:\n        BlockPublicAcls: ${more || 'false'} # once\n        BlockPublicPolicy: ${policy} # by stage\n        IgnorePublicAcls: true\n        RestrictPublicBuckets: true\n`;
    const { text, stdout } = await fixed('stages.yaml', bucket('!If [Prod, true, false]'));
    expect(text).toBe(bucket('true', 'true'));
    expect(stdout).toMatch(/fixed {2}B {2}s3-block-public-access/);
    const crossed = bucket('!If [Prod, true, false]', '!If [Prod, false, true]');
    expect((await fixed('crossed.yaml', crossed)).text).toBe(crossed);
    const rule = (port: number) => `{IpProtocol: tcp, FromPort: ${port}, ToPort: ${port}, CidrIp: 0.0.0.0/0}`;
    const group = `Conditions: { Prod: !Equals [!Ref AWS::Region, x] }\nResources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress: !If [Prod, [${rule(22)}, ${rule(443)}], [${rule(22)}]]\n`;
    expect((await fixed('group.yaml', group)).text).toBe(group);
  });

  it('keeps unknown values, values without a place, and values behind an alias', async () => {
    const lone =
      'Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n    Properties:\n      PublicAccessBlockConfiguration: !Ref Block\n';
    const { text, stdout, status } = await fixed('lone.yaml', lone);
    expect(text).toBe(lone);
    expect(stdout).toContain('violation (medium)  Bucket: The bucket has no policy');
    expect(status).toBe(1);
    const shared = `Resources:\n  A:\n    ${KEY}\n    Properties: &p\n      Description: x\n  B:\n    Type: AWS::SQS::Queue\n    Properties: *p\n`;
    expect((await fixed('shared.yaml', shared)).text).toBe(shared);
  });
});

describe('--fix in JSON', () => {
  const resource = (properties: string) =>
    `{\n\t"Resources": {\n\t\t"Key": {\n\t\t\t"Type": "AWS::KMS::Key"${properties}\n\t\t}\n\t}\n}\n`;
  it.each<[string, string, string]>([
    [
      'adds in the indentation of the file',
      resource(''),
      resource(',\n\t\t\t"Properties": {\n\t\t\t\t"EnableKeyRotation": true\n\t\t\t}'),
    ],
    [
      'changes a value in its place',
      resource(',\n\t\t\t"Properties": { "EnableKeyRotation" : "false" }'),
      resource(',\n\t\t\t"Properties": { "EnableKeyRotation" : true }'),
    ],
    [
      'keeps one line one line',
      '{"Resources":{"Key":{"Type":"AWS::KMS::Key","Properties":{"Tags":[]}}}}',
      '{"Resources":{"Key":{"Type":"AWS::KMS::Key","Properties":{"Tags":[],"EnableKeyRotation":true}}}}',
    ],
  ])('%s', async (_name, before, after) => {
    const { text, status } = await fixed('key.json', before);
    expect(text).toBe(after);
    expect(status).toBe(0);
  });

  it('writes an object into one line in the style of the line', async () => {
    const line = (properties: string) =>
      `{\n  "Resources": {\n    "Bucket": { "Type": "AWS::S3::Bucket", "Properties": { "BucketName": "a, {\\n b"${properties} } }\n  }\n}\n`;
    const { text } = await fixed('line.json', line(''));
    const names = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];
    const block = names.map((name) => `"${name}": true`).join(', ');
    expect(text).toBe(line(`, "PublicAccessBlockConfiguration": { ${block} }`));
    const yaml = await fixed(
      'line.yaml',
      'Resources:\n  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: x}}\n',
    );
    expect(yaml.text).toContain(`{BucketName: x, PublicAccessBlockConfiguration: {${block.replaceAll('"', '')}}}`);
  });

  it('fixes the violations of two controls on one resource, and reports the rest', async () => {
    const path = file('two.json', {
      Resources: { Bucket: { Type: 'AWS::S3::Bucket' }, Key: key(), Open: key({ Ref: 'R' }) },
    });
    const { stdout, status } = await check('--fix', path);
    expect(stdout).toMatch(/fixed {2}Bucket {2}s3-block-public-access/);
    expect(stdout).toContain('1 violation, 2 fixed, 1 unknown');
    expect(status).toBe(1);
  });

  it('changes nothing in a second run', async () => {
    const path = file('twice.json', { Resources: { Key: key() } });
    await check('--fix', path);
    const once = readFileSync(path, 'utf8');
    expect((await check('--fix', path)).stdout).toContain('0 violations, 0 unknown');
    expect(readFileSync(path, 'utf8')).toBe(once);
  });
});

describe('--diff', () => {
  it('prints a patch that git applies, and changes nothing', async () => {
    const text = `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: false # é\n`;
    const path = file('diff/key.yaml', text);
    const { stdout, stderr, status } = await check('--diff', path);
    expect(stdout).toContain('-      EnableKeyRotation: false # é\n+      EnableKeyRotation: true # é\n');
    expect(stderr).toContain('1 violation,');
    expect(status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(text);
    expect(stderr).toContain(`Files outside this folder: apply the patch in ${folder}/diff.`);
    const patch = file('diff/p.patch', stdout);
    execFileSync('git', ['apply', patch], { cwd: `${folder}/diff` });
    expect(readFileSync(path, 'utf8')).toBe(text.replace('false', 'true'));
  });

  it('names a file of another repository from the root of that repository', async () => {
    const text = `Resources:\n  Key:\n    ${KEY}\n    Properties:\n      EnableKeyRotation: false\n`;
    file('repository/templates/key.yaml', text);
    const root = `${folder}/repository`;
    execFileSync('git', ['init', '--quiet'], { cwd: root });
    const { stdout } = await check('--diff', relative('', `${root}/templates/key.yaml`));
    expect(stdout).toContain('+++ b/templates/key.yaml\n');
    expect(() => execFileSync('git', ['apply', '--check'], { cwd: root, input: stdout })).not.toThrow();
  });

  it('is empty if there is nothing to fix', async () => {
    expect(await check('--diff', file('good.json', { Resources: { Key: key(true) } }))).toMatchObject({
      stdout: '',
      status: 0,
    });
  });
});

describe('a nested stack with two parents', () => {
  const child = (sse: string, more = '') =>
    `Parameters:\n  Sse: { Type: String }\nResources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: ${sse}\n  Key:\n    ${KEY}\n${more}`;
  const before = child('!Ref Sse');
  const after = child('true', '    Properties:\n      EnableKeyRotation: true\n');
  const app = (place: string) => {
    for (const [name, sse] of [
      ['parent', 'true'],
      ['other', 'false'],
    ])
      file(`${place}/${name}.yaml`, {
        Resources: {
          Child: {
            Type: 'AWS::CloudFormation::Stack',
            Properties: { TemplateURL: 'child.yaml', Parameters: { Sse: sse } },
          },
        },
      });
    return [`${folder}/${place}`, file(`${place}/child.yaml`, before)] as const;
  };

  it('is changed once, and its fixes are reported', async () => {
    const [place, path] = app('twice');
    const { stdout, status } = await check('--fix', place);
    expect(readFileSync(path, 'utf8')).toBe(after);
    expect(stdout).toContain('0 violations, 2 fixed, 0 unknown, 4 compliant');
    expect(status).toBe(0);
  });

  it('is shown once, and all violations are reported', async () => {
    const [place] = app('shown');
    const { stdout, stderr, status } = await check('--diff', place);
    expect(stdout.match(/^\+\+\+ /gm)).toHaveLength(1);
    expect(stdout).toContain('-      SqsManagedSseEnabled: !Ref Sse\n+      SqsManagedSseEnabled: true\n');
    expect(stderr).toContain('3 violations, 0 unknown, 1 compliant');
    expect(status).toBe(1);
  });
});

const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9 :.-]{0,6}[a-z]$/);
const leaf = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.string({ maxLength: 12 }),
  fc.constantFrom('yes', 'null', '1.0', '~', '2020-01-01', 'a: b', '# x'),
);
const { value: anyJson } = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(name, tie('value'), { maxKeys: 4 }) as fc.Arbitrary<Json>,
  ),
}));
const properties = fc.dictionary(name, anyJson, { maxKeys: 4 });

/** The same value with some of it changed, dropped or added. */
const changedFrom = (value: Json): fc.Arbitrary<Json> => {
  if (Array.isArray(value))
    return fc.oneof(
      {
        weight: 3,
        arbitrary: fc
          .tuple(...value.map((item: Json) => fc.option(changedFrom(item), { freq: 4 })))
          .map((items) => items.filter((item) => item !== null)),
      },
      anyJson,
    );
  if (typeof value !== 'object' || value === null)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(value) }, anyJson);
  const entries = Object.entries(value).map(([key, item]) =>
    fc.option(changedFrom(item ?? null), { freq: 4 }).map((next) => [key, next] as const),
  );
  return fc
    .tuple(fc.tuple(...entries), properties)
    .map(([kept, added]) => ({ ...added, ...Object.fromEntries(kept.filter(([, item]) => item !== null)) }) as Json);
};

const pairs = properties
  .chain((from) => changedFrom(from as Json).map((to) => [from as Json, to] as const))
  .filter(([, to]) => typeof to === 'object' && to !== null && !Array.isArray(to));

describe('rewriting', () => {
  const template = (Properties: Json) => ({ Resources: { A: { Type: 'T', Properties }, Z: 1 } });
  const layouts: [string, (value: object) => string][] = [
    ['JSON', (value) => JSON.stringify(value, undefined, 2)],
    ['JSON in one line', (value) => JSON.stringify(value)],
    ['YAML', (value) => stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false })],
    [
      'YAML with comments',
      (value) =>
        stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false }).replaceAll(
          /^( *)([A-Za-z]+): (\d+)$/gm,
          '$1# before\n$1$2: $3 # after',
        ),
    ],
  ];
  it.each(layouts)('in %s gives the new value for any values', async (_name, write) => {
    await fc.assert(
      fc.asyncProperty(pairs, async ([from, to]) => {
        const read = await parseTemplate(write(template(from)));
        const root = await read.nodes();
        if (root.kind === 'leaf') throw new Error('a template is a map');
        const text = rewrite(scriptOf(read), root, template(from), template(to));
        expect(
          (await parseTemplate(read.text.slice(0, root.start) + text + read.text.slice(root.end))).template,
        ).toEqual(template(to));
      }),
      { numRuns: 100 },
    );
  });
});

describe('merging', () => {
  it('gives the new value, and keeps unchanged intrinsics', () => {
    fc.assert(
      fc.property(pairs, ([from, to]) => {
        expect(merge(from, from, to)).toEqual(to);
      }),
    );
    const written = { A: { Ref: 'X' }, B: [{ Ref: 'Y' }, 2, 3], C: false };
    expect(merge(written, { A: 'x', B: ['y', 2, 3], C: false }, { A: 'x', B: ['y', 3], C: true })).toEqual({
      A: { Ref: 'X' },
      B: [{ Ref: 'Y' }, 3],
      C: true,
    });
  });
});
