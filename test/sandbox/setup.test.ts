import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';

// A separate project on a bare machine: the PATH holds only the commands that a test puts there.
let project: string;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), 'evenkeel-setup-'));
  for (const folder of ['bin', 'sandbox']) mkdirSync(join(project, folder));
  cpSync('sandbox/setup.mjs', join(project, 'sandbox/setup.mjs'));
  write('sandbox/requirements.txt', 'emulator==1\n');
  write('package-lock.json', lock({ a: '1.0.0' }));
  command(
    'npm',
    `mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json && echo "npm $1" >> calls`,
  );
  command('python3', fakePython('3 12'));
});

afterEach(() => rmSync(project, { recursive: true, force: true }));

test('installs everything on a bare machine, and nothing the second time', () => {
  expect(run().status).toBe(0);
  expect(calls()).toEqual(['npm ci', 'python -m venv', 'python -m pip']);
  const again = run();
  expect(again).toMatchObject({ status: 0, stdout: '', stderr: '' });
  expect(calls()).toHaveLength(3);
});

test('installs node packages again after a version in the lock changes, and keeps the emulators', () => {
  run();
  write('package-lock.json', lock({ a: '1.0.1' }));
  run();
  expect(calls().slice(3)).toEqual(['npm ci']);
});

test('accepts a missing optional package', () => {
  run();
  write('package-lock.json', lock({ a: '1.0.0' }, { b: { version: '1.0.0', optional: true } }));
  run();
  expect(calls()).toHaveLength(3);
});

test('installs the emulators again after a pin changes or an installation was interrupted', () => {
  run();
  write('sandbox/requirements.txt', 'emulator==2\n');
  run();
  expect(calls().slice(3)).toEqual(['python -m venv', 'python -m pip']);
  rmSync(join(project, '.sandbox/venv/installed.sha256'));
  run();
  expect(calls()).toHaveLength(7);
});

test.each([
  ['is too old', fakePython('3 9'), 'Python 3.10 or newer with its venv module is missing (python3 is 3.9)'],
  ['has no venv', 'echo "No module named ensurepip" >&2; exit 1', '(python3: No module named ensurepip)'],
])('prints one line if Python %s', (_, script, message) => {
  command('python3', script);
  expectOneLine(run(), message);
});

test('prints one line if Python is missing', () => {
  rmSync(join(project, 'bin/python3'));
  expectOneLine(run(), 'Python 3.10 or newer with its venv module is missing; install it');
});

test('uses a newer Python that is installed beside an old one', () => {
  command('python3', fakePython('3 9'));
  command('python3.13', fakePython('3 13'));
  expect(run().status).toBe(0);
});

test('prints one line if Node is too old', () => {
  const old = `Object.defineProperty(process.versions, 'node', { value: '20.18.3' });`;
  write('old.mjs', old);
  expectOneLine(run('--import', join(project, 'old.mjs')), 'Node 20.18.3 is too old; install Node 20.19 or newer');
});

test('names in one line the registry that cannot be reached, and tries again the next time', () => {
  command('npm', 'echo "npm error code ENOTFOUND" >&2; exit 1');
  expectOneLine(
    run(),
    "node packages could not be installed: npm's registry cannot be reached; check network and proxy",
  );
  command('npm', 'mkdir -p node_modules && cp package-lock.json node_modules/.package-lock.json');
  command('python3', fakePython('3 12', 'echo "NewConnectionError: refused"; exit 1'));
  expectOneLine(run(), "Python's package index cannot be reached");
  command('python3', fakePython('3 12'));
  expect(run().status).toBe(0);
});

test('prints other errors and the path of the log', () => {
  const lines = [
    'npm warn old',
    'npm error code EACCES',
    'npm error Error: EACCES, permission denied',
    'npm error see log',
  ];
  command('npm', `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' ')} >&2; exit 1`);
  expectOneLine(run(), 'not be installed: Error: EACCES, permission denied (see .sandbox/setup.log)');
});

test('installs only the node packages, without their scripts, on request', () => {
  command('npm', 'echo "npm $*" >> calls');
  expect(run().status).toBe(0);
  rmSync(join(project, 'calls'));
  expect(runWith('--packages-only').status).toBe(0);
  expect(calls()).toHaveLength(1);
  expect(calls()[0]).toMatch(/^npm ci --ignore-scripts /);
});

function run(...nodeOptions: string[]) {
  return node([...nodeOptions, 'sandbox/setup.mjs']);
}

function runWith(option: string) {
  return node(['sandbox/setup.mjs', option]);
}

function node(args: readonly string[]) {
  const env = { PATH: `${join(project, 'bin')}:/usr/bin-none`, HOME: project };
  const result = spawnSync(process.execPath, args, {
    cwd: project,
    env,
    encoding: 'utf8',
  });
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

function expectOneLine(result: ReturnType<typeof run>, message: string) {
  expect(result.stderr).toContain(message);
  expect(result.stderr.trim().split('\n')).toHaveLength(1);
  expect(result.status).toBe(1);
}

function calls(): string[] {
  const file = join(project, 'calls');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

function write(path: string, text: string) {
  mkdirSync(dirname(join(project, path)), { recursive: true });
  writeFileSync(join(project, path), text);
}

function command(name: string, script: string) {
  write(`bin/${name}`, `#!/bin/sh\nPATH=/usr/bin:/bin\n${script}\n`);
  chmodSync(join(project, 'bin', name), 0o755);
}

/** A Python that answers the version probe, copies itself into the virtual environment it creates, and runs `pip` there. */
function fakePython(version: string, pip = 'true'): string {
  return [
    `if [ "$1" = -c ]; then echo ${version}; exit; fi`,
    'echo "python $1 $2" >> calls',
    'if [ "$2" = venv ]; then mkdir -p "$3/bin" && cp "$0" "$3/bin/python"; exit; fi',
    pip,
  ].join('\n');
}

function lock(required: Record<string, string>, others: Record<string, object> = {}): string {
  const packages = Object.entries(required).map(([name, version]) => [`node_modules/${name}`, { version }]);
  const more = Object.entries(others).map(([name, entry]) => [`node_modules/${name}`, entry]);
  return JSON.stringify({ packages: { '': {}, ...Object.fromEntries([...packages, ...more]) } });
}
