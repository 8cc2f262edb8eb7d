// Runs the tests: all of them, or with `--control <id>` those of one control, which need neither the build nor the emulators.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));
const [id, rest] = controlOf(process.argv.slice(2));
process.exitCode = id === undefined ? all(rest) : one(id, rest);

/** The id after `--control`, and the arguments for vitest. */
function controlOf(args) {
  const { tokens } = parseArgs({ args, options: { control: { type: 'string' } }, strict: false, tokens: true });
  const option = tokens.find(({ kind, name }) => kind === 'option' && name === 'control');
  if (!option) return [undefined, args];
  return [option.value ?? '', args.toSpliced(option.index, option.inlineValue ? 1 : 2)];
}

function all(args) {
  return run('sandbox/setup.mjs') || run('--import', 'tsx', 'bin/build.ts') || vitest(...args);
}

function one(control, args) {
  const ids = controlIds();
  if (!ids.includes(control)) {
    console.error(`--control: unknown control "${control}". Available: ${ids.join(', ')}.`);
    return 2;
  }
  const own = existsSync(`${root}test/controls`) ? readdirSync(`${root}test/controls`) : [];
  const files = own.filter((file) => file.startsWith(`${control}`) && file.endsWith('.test.ts'));
  const unit = ['--project', 'unit', ...args];
  // The table of cases, the laws and the metadata laws name the control in their titles; files of its own need no filter.
  const title = `(^|[ /])${control}([ .]|$)`;
  return (
    run('sandbox/setup.mjs', '--packages-only') ||
    vitest(...unit, 'test/controls.test.ts', 'test/registry.test.ts', '--testNamePattern', title) ||
    (files.length > 0 ? vitest(...unit, ...files.map((file) => `test/controls/${file}`)) : 0)
  );
}

/** The ids of all controls. Each control is in a file named after its id, and the list imports that file. */
function controlIds() {
  const list = readFileSync(`${root}controls/index.ts`, 'utf8');
  return [...list.matchAll(/from '\.\/[\w-]+\/([\w-]+)\.ts'/g)].map(([, name]) => name);
}

function vitest(...args) {
  return run('node_modules/vitest/vitest.mjs', 'run', ...args);
}

/** Runs Node with the arguments and returns the exit code. */
function run(...args) {
  const env = { ...process.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true' };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}
