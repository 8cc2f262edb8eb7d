import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack } from 'aws-cdk-lib/core';
import { afterAll, vi } from 'vitest';
import cdk from '../../cdk.json' with { type: 'json' };
import { controls as catalogue } from '../../controls/index.ts';
import { services } from '../../controls/services.ts';
import { type ConfigInput, checkConfig } from '../../lib/config/config.ts';
import type { Exception } from '../../lib/exceptions/exception.ts';
import type { Control } from '../../lib/model/control.ts';
import { addStacks } from '../../lib/stacks/add-stacks.ts';
import { type Resource, Template } from './template.ts';

vi.setConfig({ testTimeout: 60_000 }); // a synthesis takes a second, and longer while other tests run
const scratch = mkdtempSync(join(tmpdir(), 'evenkeel-stacks-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A new folder that is removed after the tests. */
export const folder = (): string => mkdtempSync(join(scratch, 'a-'));

/** The accounts of the examples: the hub, which is governed too, a member account and an account that is not governed. */
export const [HUB, MEMBER, STRANGER] = ['111111111111', '222222222222', '999999999999'] as const;

/** A config with two accounts, in the modes of the test. */
export const example = (changes: Partial<ConfigInput> = {}): ConfigInput => ({
  hub: { account: HUB, region: 'eu-west-1' },
  owner: 'platform-team',
  mode: 'auto',
  organization: 'o-a1b2c3d4e5',
  notify: ['security@example.com'],
  accounts: {
    [HUB]: { regions: ['eu-west-1', 'us-east-1'] },
    [MEMBER]: { regions: ['eu-west-1', 'us-east-1'] },
  },
  ...changes,
});

/** An app of all stacks; the code of the functions is a placeholder, because other tests cover it. */
export function appOf(
  input: ConfigInput,
  exceptions: readonly Exception[] = [],
  controls: readonly Control[] = catalogue,
): App {
  const app = new App({ outdir: folder(), context: cdk.context });
  const code = folder();
  writeFileSync(join(code, 'index.mjs'), 'export {};');
  const config = checkConfig(input, controls);
  const published = { schema: 'evenkeel.exceptions/v1', commit: 'a-commit', exceptions } as const;
  const folders = { hub: code, member: code, hook: code };
  addStacks(app, { config, controls, sources: services, code: folders, exceptions: published });
  return app;
}

/** Every stack of a config by its construct id, as CDK deploys it. */
export function synthesise(input: ConfigInput, exceptions?: readonly Exception[]): ReadonlyMap<string, Template> {
  const app = appOf(input, exceptions);
  const { stacks } = app.synth();
  return new Map(
    stacks.map(({ id, template, environment }) => {
      const stack = app.node.findChild(id) as Stack; // an app's children are its stacks here
      const { Resources } = template as { Resources: { readonly [logicalId: string]: Resource } };
      return [id, new Template(Resources, { account: environment.account, region: stack.region })];
    }),
  );
}

/** One of the stacks; throws if it is missing. */
export function get(stacks: ReadonlyMap<string, Template>, id: string): Template {
  const stack = stacks.get(id);
  if (!stack) throw new Error(`There is no stack "${id}"; there are ${[...stacks.keys()].join(', ')}.`);
  return stack;
}
