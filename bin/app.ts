import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { App, Aspects } from 'aws-cdk-lib/core';
import { ComplianceAspect } from '../aspects/compliance-aspect.ts';
import { git } from '../aspects/git.ts';
import { GitStampAspect } from '../aspects/git-stamp.ts';
import { controls } from '../controls/index.ts';
import { services } from '../controls/services.ts';
import { type Config, ConfigError, checkConfig } from '../lib/config/config.ts';
import { settingsOf } from '../lib/config/settings.ts';
import type { Exceptions } from '../lib/exceptions/exception.ts';
import { ExceptionsFileError } from '../lib/exceptions/read-file.ts';
import { addStacks } from '../lib/stacks/add-stacks.ts';
import { bundle } from '../lib/stacks/lambda-code.ts';
import { openExceptions } from './subcommands/open-exceptions.ts';

/** The folder of the controls; evidence names its commit. */
const root = fileURLToPath(new URL('..', import.meta.url));

async function main(): Promise<void> {
  const app = new App();
  const config = await loadConfig(app.node.tryGetContext('config') ?? 'evenkeel.config.ts');
  const commit = app.node.tryGetContext('commit') ?? git(root, 'rev-parse', 'HEAD') ?? 'unknown';
  const file = app.node.tryGetContext('exceptions') ?? 'exceptions.yaml';
  const exceptions = await loadExceptions(file, config, commit);
  const code = bundle(settingsOf(config, controls, commit), exceptions);
  addStacks(app, { config, controls, sources: services, code, exceptions });
  // This file is the exceptions file of the hub, so it holds no proposals.
  Aspects.of(app).add(new ComplianceAspect({ exceptions: file, proposals: file }));
  Aspects.of(app).add(new GitStampAspect({ cwd: root }));
  app.synth();
}

async function loadConfig(file: string): Promise<Config> {
  const { default: input } = await import(pathToFileURL(resolve(file)).href).catch((error: Error) => {
    throw new ConfigError(`Cannot load ${file}: ${error.message}`, { cause: error });
  });
  return checkConfig(input, controls, file);
}

/** Loads the exceptions that the hub publishes from this commit. */
async function loadExceptions(file: string, { accounts }: Config, commit: string): Promise<Exceptions> {
  const { exceptions } = await openExceptions(file, {
    controls: controls.map(({ id }) => id),
    accounts: Object.keys(accounts),
  });
  return { schema: 'evenkeel.exceptions/v1', commit, exceptions };
}

try {
  await main();
} catch (error) {
  if (!(error instanceof ConfigError || error instanceof ExceptionsFileError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
