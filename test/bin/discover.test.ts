import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);

const template = (...ids: string[]) => ({ Resources: Object.fromEntries(ids.map((id) => [id, key()])) });

/** Which resources of which stacks a run has seen. */
async function seen(...args: string[]) {
  const { stdout, status } = await check('-f', 'json', ...args.map((path) => join(folder, path)));
  const { files } = JSON.parse(stdout);
  const resources = files.flatMap((one: { stack: string; findings: { logicalId: string }[] }) =>
    one.findings.map(({ logicalId }) => `${one.stack}/${logicalId}`),
  );
  const problems = files.flatMap((one: { file: string; notJudged: { reason: string }[] }) =>
    one.notJudged.map(({ reason }) => `${one.file.replace(`${folder}/`, '')}: ${reason}`),
  );
  return { resources, problems, status };
}

describe('a folder', () => {
  it('is searched for templates by their content, and everything else is skipped', async () => {
    file('mixed/a.template.json', template('A'));
    file('mixed/deep/er/b.yml', 'Resources:\n  B:\n    Type: AWS::KMS::Key\n');
    file('mixed/c.template', 'Resources: { C: { Type: "AWS::KMS::Key" } }\n');
    file('mixed/package.json', { name: 'x', resources: [] });
    file('mixed/values.yaml', 'a: {{ .Values.helm }}\n');
    file('mixed/data.json', 'not JSON at all');
    file('mixed/big.json', `{"Resources": {"T": {"Type": "AWS::KMS::Key", "x": "${'x'.repeat(3_000_000)}"}}}`);
    file('mixed/binary.json', Buffer.of(0, 255, 254, 1));
    file('mixed/node_modules/d.json', template('D'));
    file('mixed/.git/e.json', template('E'));
    file('mixed/README.md', 'Resources: Type: AWS::KMS::Key');
    symlinkSync(join(folder, 'mixed'), join(folder, 'mixed/circle'));
    expect(await seen('mixed')).toEqual({ resources: ['a/A', 'c/C', 'b/B'], problems: [], status: 1 });
  });

  it('does not hide a template that is broken', async () => {
    file('broken/a.yaml', 'Resources:\n  A:\n    Type: AWS::KMS::Key\n   Properties: {}\n');
    expect(await seen('broken')).toMatchObject({
      problems: [expect.stringMatching(/^broken\/a.yaml: it is neither/)],
      status: 2,
    });
  });

  it('without any template is no clean bill', async () => {
    file('none/a.json', {});
    expect(await seen('none', 'mixed')).toMatchObject({ problems: ['none: there is no template in it'], status: 2 });
  });

  it('may be named twice, and with a file of its own: each file is judged once', async () => {
    expect((await seen('mixed/deep', 'mixed/deep/er/b.yml', 'mixed/deep/../deep')).resources).toEqual(['b/B']);
  });
});

describe("CDK's cdk.out", () => {
  const nestedIn = (path: string) => ({ Type: 'AWS::CloudFormation::Stack', Metadata: { 'aws:asset:path': path } });
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

  it('is read by its manifest: stacks under their names, nested ones and Stages too, neither assets nor leftovers', async () => {
    const { resources, problems } = await seen('cdk.out');
    expect(resources).toEqual(['shop-prod/A', 'shop-prod/B', 'shop-prod/C', 'Plain/D', 'stage-inner/F']);
    expect(problems).toEqual([]);
  });

  it('is found in a folder above, and names the stack of a template that is named alone', async () => {
    file('app/cdk.out/manifest.json', manifest({ S: stack('S.template.json', 'named') }));
    file('app/cdk.out/S.template.json', template('A'));
    file('app/package.json', {});
    expect((await seen('app')).resources).toEqual(['named/A']);
    expect((await seen('app/cdk.out/S.template.json')).resources).toEqual(['named/A']);
  });

  it('that lacks a template or a Stage is not clean', async () => {
    file('torn/manifest.json', manifest({ S: stack('S.template.json') }));
    expect(await seen('torn')).toMatchObject({
      problems: ['torn/S.template.json: there is no such file or folder'],
      status: 2,
    });
    file('torn2/manifest.json', manifest({ S: { type: 'cdk:cloud-assembly', properties: { directoryName: 'gone' } } }));
    expect(await seen('torn2')).toMatchObject({
      problems: [expect.stringContaining('an assembly that is not there')],
      status: 2,
    });
    file('torn3/manifest.json', manifest({}));
    expect(await seen('torn3')).toMatchObject({ problems: ['torn3: there is no template in it'], status: 2 });
  });

  it('is not changed by --fix, for the next synth would undo it', async () => {
    const { stdout, status } = await check('--fix', join(folder, 'cdk.out'));
    expect(stdout).toContain('5 violations, 0 known');
    expect(status).toBe(1);
  });
});
