import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Aspects, type IPolicyValidationPlugin, Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { ComplianceAspect } from '../../aspects/compliance-aspect.ts';
import { OwnerTags } from '../../aspects/owner-tags.ts';
import { controls } from '../../controls/index.ts';
import { checkConfig } from '../../lib/config/config.ts';
import { settingsOf } from '../../lib/config/settings.ts';
import { bundle } from '../../lib/stacks/lambda-code.ts';
import { appOf, example, folder, HUB, MEMBER } from './synth.ts';

const everything = example({
  hook: 'fail',
  accounts: {
    [HUB]: { regions: ['eu-west-1', 'us-east-1'], recorder: 'create' },
    [MEMBER]: { regions: ['eu-west-1'] },
  },
});

describe('our own stacks pass', () => {
  it("cdk-nag's AWS Solutions", () => {
    const app = appOf(everything);
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app) as IPolicyValidationPlugin);
    app.synth();
  });

  it('our own Aspects, which reject a public bucket', () => {
    const held = () => {
      const app = appOf(everything);
      Aspects.of(app).add(new ComplianceAspect());
      Aspects.of(app).add(new OwnerTags());
      return app;
    };
    held().synth();
    const app = held();
    new CfnBucket(app.node.findChild('Hub'), 'Open', { publicAccessBlockConfiguration: { blockPublicAcls: false } });
    expect(() => app.synth()).toThrow(/Hub\/Open/);
  });

  it('with a reason for each acknowledged finding of cdk-nag, and no acknowledgement of ours', () => {
    const app = appOf(everything);
    app.synth();
    const acknowledged = app.node
      .findAll()
      .flatMap(({ node }) => node.metadata)
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) => Object.entries(data as { [id: string]: string })); // CDK keeps reasons by id
    expect(acknowledged.length).toBeGreaterThan(0);
    for (const [id, reason] of acknowledged) {
      expect(id).toMatch(/^Annotation::AwsSolutions-/);
      expect(reason.length, id).toBeGreaterThan(40);
    }
  });
});

describe('the app', () => {
  const run = async (config: string) => {
    const where = folder();
    const file = join(where, 'evenkeel.config.ts');
    writeFileSync(file, config);
    const env = {
      ...process.env,
      CDK_CONTEXT_JSON: JSON.stringify({ config: file }),
      CDK_OUTDIR: join(where, 'cdk.out'),
    };
    return promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { env }).then(
      () => ({ code: 0, stderr: '' }),
      ({ code, stderr }: { code: number; stderr: string }) => ({ code, stderr }),
    );
  };

  it('reports an invalid config without a stack trace', async () => {
    const config = { ...example(), mode: 'careful' };
    const { code, stderr } = await run(`export default ${JSON.stringify(config)};`);
    expect(code).toBe(1);
    expect(stderr).toMatch(/mode: invalid value\. Allowed: "observe", "approve", "auto"/);
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  it('names the missing config file', async () => {
    const env = { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ config: 'nowhere.config.ts' }) };
    const failure = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { env }).catch(
      (error) => error,
    );
    expect(failure.code).toBe(1);
    expect(failure.stderr).toMatch(/^Cannot load nowhere\.config\.ts/m);
  });
});

it('the app reports an invalid exceptions file without a stack trace, and writes no template', async () => {
  const [exceptions, outdir] = [join(folder(), 'exceptions.yaml'), folder()];
  writeFileSync(exceptions, 'exceptions:\n  - id: a\n    control: nope\n');
  const env = { ...process.env, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: JSON.stringify({ exceptions }) };
  const failure = await promisify(execFile)(process.execPath, ['--import', 'tsx', 'bin/app.ts'], { env }).catch(
    (error) => error,
  );
  expect(failure.code).toBe(1);
  expect(failure.stderr).toMatch(/exceptions\.yaml:3:5 {2}exceptions\.0\.control: unknown control "nope"/);
  expect(failure.stderr).not.toMatch(/\n\s+at /);
  expect(readdirSync(outdir).filter((file) => file.endsWith('.template.json'))).toEqual([]);
});

describe('the code of the functions', () => {
  const where = folder();
  const exceptions = { schema: 'evenkeel.exceptions/v1', commit: 'a-commit', exceptions: [] } as const;
  const config = checkConfig(example(), controls);
  const code = bundle(settingsOf(config, controls, 'a-commit'), exceptions, where);

  it('has one entry per function, and settings and exceptions only for the hub', () => {
    const functions = readdirSync('lambdas').filter((folder) => existsSync(join('lambdas', folder, 'handler.ts')));
    expect(functions.length).toBeGreaterThan(10);
    const bundled = [code.hub, code.member, code.hook].flatMap((where) => readdirSync(where));
    for (const name of functions) expect(bundled).toContain(`${name}.mjs`);
    expect(JSON.parse(readFileSync(join(code.hub, 'settings.json'), 'utf8'))).toMatchObject({ commit: 'a-commit' });
    expect(JSON.parse(readFileSync(join(code.hub, 'exceptions.json'), 'utf8'))).toEqual(exceptions);
    for (const where of [code.member, code.hook]) expect(readdirSync(where)).not.toContain('settings.json');
    expect(readdirSync(code.member)).toContain('evaluate.mjs');
    expect(readdirSync(code.hub)).not.toContain('evaluate.mjs');
  });

  it('is written again only for changed files', () => {
    writeFileSync(join(code.hub, 'left-over.mjs'), '');
    const written = (file: string) => statSync(join(code.hub, file)).mtimeMs;
    const [before, settings] = [written('admit.mjs'), written('settings.json')];
    bundle(settingsOf(config, controls, 'another-commit'), exceptions, where);
    expect(written('admit.mjs')).toBe(before);
    expect(written('settings.json')).toBeGreaterThan(settings);
    expect(readdirSync(code.hub)).not.toContain('left-over.mjs');
  });
});
