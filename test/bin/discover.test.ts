import { readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);

const template = (...ids: string[]) => ({ Resources: Object.fromEntries(ids.map((id) => [id, key()])) });

/** The resources and errors in the report of a run. */
async function seen(...args: string[]) {
  const { stdout, status } = await check('-f', 'json', ...args.map((path) => join(folder, path)));
  const { files } = JSON.parse(stdout);
  const resources = files.flatMap((one: { stack: string; findings: { logicalId: string }[] }) =>
    one.findings.map(({ logicalId }) => `${one.stack}/${logicalId}`),
  );
  const problems = files.flatMap((one: { file: string; notEvaluated: { reason: string }[] }) =>
    one.notEvaluated.map(({ reason }) => `${one.file.replace(`${folder}/`, '')}: ${reason}`),
  );
  return { resources, problems, status };
}

describe('a folder', () => {
  it('is searched for templates by content, and other files are skipped', async () => {
    file('mixed/a.template.json', template('A'));
    file('mixed/deep/er/b.yml', 'Resources:\n  B:\n    Type: AWS::KMS::Key\n');
    file('mixed/c.template', 'Resources: { C: { Type: "AWS::KMS::Key" } }\n');
    file('mixed/package.json', { name: 'x', resources: [] });
    file('mixed/values.yaml', 'a: {{ .Values.helm }}\n');
    file('mixed/data.json', 'not JSON at all');
    file('mixed/event.json', { fragment: template('Event') });
    file('mixed/big.json', `{"Resources": {"T": {"Type": "AWS::KMS::Key", "x": "${'x'.repeat(3_000_000)}"}}}`);
    file('mixed/binary.json', Buffer.of(0, 255, 254, 1));
    file('mixed/node_modules/d.json', template('D'));
    file('mixed/.aws-sam/e.json', template('E'));
    file('mixed/README.md', 'Resources: Type: AWS::KMS::Key');
    symlinkSync(join(folder, 'mixed'), join(folder, 'mixed/circle'));
    expect(await seen('mixed')).toEqual({ resources: ['a/A', 'c/C', 'b/B'], problems: [], status: 1 });
  });

  it('is searched if it is named, even if it is hidden', async () => {
    expect((await seen('mixed/.aws-sam', 'mixed/node_modules')).resources).toEqual(['e/E', 'd/D']);
  });

  it('reports a broken template', async () => {
    file('broken/a.yaml', 'Resources:\n  A:\n    Type: AWS::KMS::Key\n   Properties: {}\n');
    expect(await seen('broken')).toMatchObject({
      problems: [expect.stringMatching(/^broken\/a.yaml: /)],
      status: 2,
    });
  });

  it('without a template is an error', async () => {
    file('none/a.json', {});
    expect(await seen('none', 'mixed')).toMatchObject({ problems: ['none: no template found'], status: 2 });
  });

  it('can be named twice; each file is evaluated once', async () => {
    expect((await seen('mixed/deep', 'mixed/deep/er/b.yml', 'mixed/deep/../deep')).resources).toEqual(['b/B']);
  });
});

describe("CDK's cdk.out", () => {
  const nestedIn = (path: string) => ({
    Type: 'AWS::CloudFormation::Stack',
    Metadata: { 'aws:asset:path': path, 'aws:asset:property': 'TemplateURL' },
  });
  const stack = (templateFile: string, stackName?: string) => ({
    type: 'aws:cloudformation:stack',
    properties: { templateFile, ...(stackName && { stackName }) },
  });
  const manifest = (artifacts: object) => ({ version: '48.0.0', artifacts });

  file(
    'cdk.out/manifest.json',
    manifest({
      Shop: stack('Shop.template.json', 'shop-prod'),
      Plain: stack('Plain.template.json'),
      'assembly-Stage': { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Stage' } },
      Tree: { type: 'cdk:tree', properties: { file: 'tree.json' } },
    }),
  );
  file('cdk.out/Shop.template.json', {
    Resources: { ...template('A').Resources, N: nestedIn('ShopN.nested.template.json') },
  });
  file('cdk.out/ShopN.nested.template.json', {
    Resources: { ...template('B').Resources, M: nestedIn('ShopM.nested.template.json') },
  });
  file('cdk.out/ShopM.nested.template.json', {
    Resources: { ...template('C').Resources, Self: nestedIn('ShopM.nested.template.json') },
  });
  file('cdk.out/Plain.template.json', template('D'));
  file('cdk.out/Stale.template.json', template('Stale'));
  file('cdk.out/asset.123/x.json', template('Asset'));
  file(
    'cdk.out/assembly-Stage/manifest.json',
    manifest({
      Inner: stack('Inner.template.json', 'stage-inner'),
      Back: { type: 'cdk:cloud-assembly', properties: { directoryName: '..' } },
    }),
  );
  file('cdk.out/assembly-Stage/Inner.template.json', template('F'));

  it('is read by its manifest: stacks, nested stacks and Stages, without assets and unlisted files', async () => {
    const { resources, problems } = await seen('cdk.out');
    expect(resources).toEqual(['shop-prod/A', 'shop-prod/B', 'shop-prod/C', 'Plain/D', 'stage-inner/F']);
    expect(problems).toEqual([]);
  });

  it('without the CLI has the templates of nested stacks in its manifest of assets', async () => {
    const bare = (key: string) => ({
      Type: 'AWS::CloudFormation::Stack',
      Properties: { TemplateURL: { 'Fn::Join': ['', ['https://s3.', { Ref: 'AWS::Region' }, `/bucket/${key}`]] } },
    });
    const asset = (path: string, objectKey: string) => ({ source: { path }, destinations: { d: { objectKey } } });
    file('bare/manifest.json', manifest({ Shop: stack('Shop.template.json', 'shop-prod') }));
    file('bare/Shop.assets.json', {
      files: { a: asset('N.nested.json', 'a.json'), b: asset('M.nested.json', 'b.json') },
    });
    file('bare/Shop.template.json', { Resources: { ...template('A').Resources, N: bare('a.json') } });
    file('bare/N.nested.json', { Resources: { ...template('B').Resources, M: bare('b.json'), Else: bare('c.json') } });
    file('bare/M.nested.json', template('C'));
    expect((await seen('bare')).resources).toEqual(['shop-prod/A', 'shop-prod/B', 'shop-prod/C']);
    file('bare/Shop.assets.json', '{ "files": { "a": null, "b": { "destinations": { "d": 1 } } } }');
    expect(await seen('bare')).toMatchObject({ resources: ['shop-prod/A'], problems: [] });
  });

  it('is found in a parent folder, and names the stack of a single template', async () => {
    file('app/cdk.out/manifest.json', manifest({ S: stack('S.template.json', 'named') }));
    file('app/cdk.out/S.template.json', template('A'));
    file('app/package.json', {});
    expect((await seen('app')).resources).toEqual(['named/A']);
    expect((await seen('app/cdk.out/S.template.json')).resources).toEqual(['named/A']);
  });

  it('without one of its templates or Stages is an error', async () => {
    file('torn/manifest.json', manifest({ S: stack('S.template.json') }));
    expect(await seen('torn')).toMatchObject({
      problems: ['torn/S.template.json: no such file or folder'],
      status: 2,
    });
    file('torn2/manifest.json', manifest({ S: { type: 'cdk:cloud-assembly', properties: { directoryName: 'gone' } } }));
    expect(await seen('torn2')).toMatchObject({
      problems: [expect.stringContaining('is missing, but a cloud assembly names it')],
      status: 2,
    });
    file('torn3/manifest.json', manifest({}));
    expect(await seen('torn3')).toMatchObject({ problems: ['torn3: no template found'], status: 2 });
  });

  it('with a missing or broken template of a nested stack is an error', async () => {
    file('torn4/manifest.json', manifest({ S: stack('S.json') }));
    file('torn4/S.json', { Resources: { N: nestedIn('N.json') } });
    expect(await seen('torn4')).toMatchObject({
      problems: ['torn4/N.json: no such file or folder'],
      status: 2,
    });
    file('torn4/N.json', '{');
    expect(await seen('torn4')).toMatchObject({
      problems: [expect.stringMatching('N.json: ')],
      status: 2,
    });
  });

  it('is not changed by --fix, because the next synthesis overwrites it', async () => {
    const { stdout, status } = await check('--fix', join(folder, 'cdk.out'));
    expect(stdout).toContain('5 violations, 0 unknown');
    expect(status).toBe(1);
  });
});

describe('nested stacks by local path', () => {
  const parent = (rotate: unknown, url = './child.yaml') =>
    `Resources:\n  Child:\n    Type: AWS::CloudFormation::Stack\n    Properties: ${JSON.stringify({ TemplateURL: url, Parameters: { Rotate: rotate } })}\n`;
  const child = `Parameters: { Rotate: { Type: String } }\nResources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      EnableKeyRotation: !Ref Rotate\n`;

  it('are evaluated once, with the parameters of the parent', async () => {
    for (const [name, rotate, status] of [
      ['on', 'true', 0],
      ['off', 'false', 1],
    ] as const) {
      file(`${name}/child.yaml`, child);
      file(`${name}/parent.yaml`, parent(rotate));
      const { stdout, status: found } = await check(join(folder, name));
      expect(stdout).toContain(status === 0 ? '0 violations, 0 unknown, 1 compliant in 2' : '1 violation, 0 unknown');
      expect(found).toBe(status);
    }
  });

  it('that are not local, or that are the parent itself, are unknown', async () => {
    file('far/parent.yaml', parent('true', 'https://s3.amazonaws.com/b/child.yaml'));
    file('gone/parent.yaml', parent('true', 'gone.yaml'));
    for (const name of ['far', 'gone']) expect((await check(join(folder, name))).stdout).toMatch(/unknown .*Child/);
    file('loop/parent.yaml', parent('true', 'parent.yaml'));
    expect(await check(join(folder, 'loop'))).toMatchObject({ status: 0 });
  });

  it('that multiply endlessly are an error', async () => {
    const two = (url: string) => ({
      Resources: Object.fromEntries(
        ['A', 'B'].map((id) => [id, { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: url } }]),
      ),
    });
    for (let level = 0; level < 12; level++) file(`many/${level}.json`, two(`${level + 1}.json`));
    const { stdout, status } = await check(join(folder, 'many/0.json'));
    expect(stdout).toContain('more than 500 nested stacks');
    expect(status).toBe(2);
  });

  it('are fixed in their own file', async () => {
    const path = file('nested/child.yaml', child.replace('!Ref Rotate', 'false'));
    file('nested/parent.yaml', parent('true'));
    expect((await check('--fix', join(folder, 'nested/parent.yaml'))).status).toBe(0);
    expect(readFileSync(path, 'utf8')).toContain('EnableKeyRotation: true');
  });

  it('can include snippets of local files, which are not changed', async () => {
    const include = `Resources:\n  Key:\n    Type: AWS::KMS::Key\n    Properties:\n      Fn::Transform: { Name: AWS::Include, Parameters: { Location: snippet.yaml } }\n`;
    const path = file('include/t.yaml', include);
    file('include/snippet.yaml', 'EnableKeyRotation: false\n');
    const { stdout, status } = await check('--fix', path);
    expect(stdout).toContain('1 violation,');
    expect(status).toBe(1);
    expect(readFileSync(path, 'utf8')).toBe(include);
  });
});
