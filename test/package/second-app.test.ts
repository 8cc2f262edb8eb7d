import { mkdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { install, pack, run, said, write } from './second-app.ts';

const MINUTES = 300_000;

let home = '';
let packed: ReturnType<typeof pack>;
beforeAll(() => {
  packed = pack();
  home = install(packed);
}, MINUTES);
afterAll(() => rmSync(packed.folder, { recursive: true }), MINUTES);

const tool = (name: string) => join(home, 'node_modules', '.bin', name);
const named = (type: string) => JSON.stringify({ name: 'second-app', private: true, type });

const esm = `import { Bucket, BlockPublicAccess } from 'aws-cdk-lib/aws-s3';
import { App, Aspects, Stack } from 'aws-cdk-lib/core';
import { ComplianceAspect, OwnerTags, controls } from 'evenkeel';
import { controls as catalogue } from 'evenkeel/controls';
`;
const commonJs = `const { Bucket, BlockPublicAccess } = require('aws-cdk-lib/aws-s3');
const { App, Aspects, Stack } = require('aws-cdk-lib/core');
const { ComplianceAspect, OwnerTags, controls } = require('evenkeel');
const { controls: catalogue } = require('evenkeel/controls');
`;
const app = `
const app = new App();
const stack = new Stack(app, 'Shop', process.env.CLEAN ? { tags: { owner: 'shop-team' } } : {});
new Bucket(stack, 'Invoices', process.env.CLEAN ? { blockPublicAccess: BlockPublicAccess.BLOCK_ALL, enforceSSL: true } : {});
Aspects.of(app).add(new ComplianceAspect());
Aspects.of(app).add(new OwnerTags());
if (controls !== catalogue) throw new Error('the package was loaded twice');
app.synth();
`;
const types = `
import type { ComplianceOptions } from 'evenkeel';
import { type Control, defineControl } from 'evenkeel/control';
import { evaluate } from 'evenkeel/evaluate';
export const options: ComplianceOptions = { action: 'warn', frameworks: ['fsbp'], severityAtLeast: 'high' };
export const mine: readonly Control[] = catalogue.filter(({ severity }) => severity === 'high');
export const findings: number = evaluate(mine, { Resources: {} }).findings.length;
// @ts-expect-error a type that became any would accept this
export const wrong: ComplianceOptions = { action: 'shout' };
// @ts-expect-error a control needs more than a name
export const nothing = () => defineControl({ id: 'x' });
`;

interface Kind {
  readonly name: string;
  readonly files: { readonly [file: string]: string };
  readonly start: string;
  /** The module kinds to compile with; the last compilation writes the code that runs. */
  readonly modules?: readonly string[];
}

const kinds: readonly Kind[] = [
  {
    name: 'esm-typescript',
    files: { 'package.json': named('module'), 'app.ts': esm + types + app },
    start: 'node --import tsx app.ts',
    modules: ['node16', 'nodenext'],
  },
  { name: 'esm-javascript', files: { 'package.json': named('module'), 'app.js': esm + app }, start: 'node app.js' },
  {
    name: 'commonjs-javascript',
    files: { 'package.json': named('commonjs'), 'app.js': commonJs + app },
    start: 'node app.js',
  },
  {
    name: 'commonjs-typescript',
    files: { 'package.json': named('commonjs'), 'app.ts': esm + types + app },
    start: 'node out/app.js',
    modules: ['node16', 'nodenext'],
  },
];

describe.each(kinds)('an app in $name', ({ name, files, start, modules = [] }) => {
  let folder = '';
  const synth = (more: Record<string, string> = {}) =>
    run(folder, tool('cdk'), ['synth', '--quiet', '--no-notices', '--no-version-reporting', '--app', start], more);
  beforeAll(() => {
    folder = write(home, name, files);
  });

  it.each(modules)(
    'compiles with module %s, including our declarations',
    (module) => {
      const options = ['--strict', '--target', 'es2022', '--types', 'node', '--outDir', 'out', '--module', module];
      const compiled = run(folder, tool('tsc'), ['--skipLibCheck', 'false', ...options, 'app.ts']);
      expect(said(compiled).trim()).toBe('');
      expect(compiled.status).toBe(0);
    },
    MINUTES,
  );

  it(
    'fails cdk synth and evenkeel check with violations',
    () => {
      const refused = synth();
      for (const part of ['ERROR s3-block-public-access', 'ERROR s3-require-tls', 'ERROR owner-tags', 'Shop/Invoices'])
        expect(said(refused)).toContain(part);
      expect(refused.status).not.toBe(0);
      const checked = run(folder, 'npx', ['--no-install', 'evenkeel', 'check', 'cdk.out/Shop.template.json']);
      expect(said(checked)).toContain('s3-block-public-access');
      expect(checked.status).toBe(1);
    },
    MINUTES,
  );

  it(
    'passes both without violations',
    () => {
      const passed = synth({ CLEAN: 'yes' });
      expect(said(passed)).not.toContain('ERROR');
      expect(passed.status).toBe(0);
      const checked = run(folder, tool('evenkeel'), ['check', 'cdk.out/Shop.template.json']);
      expect(said(checked)).toContain('0 violations');
      expect(checked.status).toBe(0);
    },
    MINUTES,
  );
});

describe('two copies of CDK', () => {
  const body = `import { createRequire } from 'node:module';
import { App, Aspects, CfnParameter, NestedStack, Stack, Stage, Tags, Validations } from 'aws-cdk-lib/core';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ComplianceAspect, OwnerTags } from 'evenkeel';
if (process.env.COUNT) {
  const ours = createRequire(import.meta.resolve('evenkeel'))('aws-cdk-lib/core');
  console.log(ours.App === App ? 'one copy' : 'two copies');
}
const app = new App();
const stack = new Stack(app, 'Shop');
const no = new CfnParameter(stack, 'No', { allowedValues: ['false'] });
const blocked = { blockPublicAcls: no.valueAsString, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };
new CfnBucket(stack, 'Parameter', { publicAccessBlockConfiguration: blocked });
new CfnBucket(new NestedStack(stack, 'Cellar'), 'Nested');
const stage = new Stage(app, 'Prod');
new CfnBucket(new Stack(stage, 'Shop'), 'Staged');
const { ACTION = 'fail', ACKNOWLEDGE } = process.env;
for (const scope of [app, stage]) {
  Aspects.of(scope).add(new ComplianceAspect({ action: ACTION, severityAtLeast: 'high' }));
  Aspects.of(scope).add(new OwnerTags());
  Tags.of(scope).add('owner', 'shop-team');
}
if (ACKNOWLEDGE) Validations.of(app).acknowledge({ id: 'Evenkeel::s3-block-public-access', reason: 'no' });
app.synth();
`;
  let folder = '';
  beforeAll(() => {
    folder = write(home, 'two-copies', { 'package.json': named('module'), 'app.js': body });
    const own = join(folder, 'node_modules');
    mkdirSync(own);
    for (const name of ['aws-cdk-lib', 'constructs'])
      symlinkSync(realpathSync(join(home, 'node_modules', name)), join(own, name));
  });
  // Node then loads the same files by another path as other modules.
  const start = (more: Record<string, string>) => run(folder, 'node', ['--preserve-symlinks', 'app.js'], more);

  it('are two', () => expect(said(start({ COUNT: 'yes' }))).toContain('two copies'), MINUTES);

  it(
    'evaluate, fix and fail like one copy',
    () => {
      const refused = start({});
      expect(refused.status).toBe(1);
      for (const path of ['Shop/Parameter', 'Shop/Cellar/Nested', 'Prod/Shop/Staged'])
        expect(said(refused)).toContain(path);
      expect(said(refused)).not.toContain('owner-tags');
      expect(said(start({ ACTION: 'fix' }))).not.toContain('s3-block-public-access');
      expect(said(start({ ACKNOWLEDGE: 'yes' }))).toContain('FATAL s3-block-public-access');
    },
    MINUTES,
  );
});
