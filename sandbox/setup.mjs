// Installs the node packages and the emulators on a bare machine. It runs before any package is installed, so it uses Node alone.
// If everything is installed, it prints nothing and makes no network call. `--packages-only` leaves out the emulators and the build.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const state = join(root, '.sandbox');
const venv = join(state, 'venv');
const venvPython = join(venv, 'bin', 'python');
const requirements = join(root, 'sandbox', 'requirements.txt');
const log = join(state, 'setup.log');
const packagesOnly = process.argv.includes('--packages-only');

/** A problem that you must solve yourself. Only its message is printed. */
class Missing extends Error {}

try {
  checkNode();
  await installNodePackages();
  if (!packagesOnly) await installEmulators();
} catch (error) {
  if (!(error instanceof Missing)) throw error;
  console.error(`evenkeel: ${error.message}`);
  process.exitCode = 1;
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Missing(`Node ${process.versions.node} is too old; install Node 20.19 or newer, such as 22 or 24.`);
}

async function installNodePackages() {
  if (nodePackagesMatchLock()) return;
  // npm's own script if npm started this one. NODE_ENV=production would leave out development packages.
  const script = process.env.npm_execpath;
  const [command, first] = script?.endsWith('.js') ? [process.execPath, [script]] : ['npm', []];
  const options = [
    ...(packagesOnly ? ['--ignore-scripts'] : []),
    '--include=dev',
    '--prefer-offline',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ];
  await step('node packages', command, [...first, 'ci', ...options], "npm's registry");
}

/** Compares the lock with the list that npm writes at the end of an installation, which an interrupted one lacks. */
function nodePackagesMatchLock() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installed)) return false;
  const has = JSON.parse(readFileSync(installed, 'utf8')).packages;
  const wants = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wants).every(([path, { version, optional }]) => {
    return path === '' || (has[path] ? has[path].version === version : optional);
  });
}

async function installEmulators() {
  const stamp = join(venv, 'installed.sha256');
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(venvPython) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const python = findPython();
  rmSync(venv, { recursive: true, force: true });
  await step('virtual environment', python, ['-m', 'venv', venv], 'the disk');
  const options = ['--disable-pip-version-check', '--no-input', '--retries', '2', '--timeout', '15'];
  const install = ['-m', 'pip', 'install', ...options, '-r', requirements];
  await step('local AWS (MiniStack, moto)', venvPython, install, "Python's package index");
  writeFileSync(stamp, wanted);
}

function findPython() {
  const newest = ['python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
  const probe = 'import sys, venv, ensurepip; print(*sys.version_info[:2])';
  const seen = [];
  for (const command of ['python3', ...newest, 'python']) {
    const { status, stdout, stderr, error } = spawnSync(command, ['-c', probe], { encoding: 'utf8' });
    if (error) continue;
    const [major = 0, minor = 0] = stdout.split(' ').map(Number);
    if (status === 0 && major === 3 && minor >= 10) return command;
    seen.push(status === 0 ? `${command} is ${major}.${minor}` : `${command}: ${stderr.trim().split('\n').pop()}`);
  }
  const found = seen.length ? ` (${seen.join('; ')})` : '';
  throw new Missing(
    `Python 3.10 or newer with its venv module is missing${found}; install it (Debian, Ubuntu: python3 and python3-venv).`,
  );
}

/** Runs a command with its output in the log, and prints a line before and after it. */
async function step(what, command, args, remote) {
  mkdirSync(state, { recursive: true });
  const output = openSync(log, 'w');
  const start = Date.now();
  console.log(`evenkeel: installing ${what} ...`);
  const code = await new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, stdio: ['ignore', output, output] });
    child.once('error', () => resolve('not found'));
    child.once('exit', resolve);
  });
  if (code === 0) return console.log(`evenkeel: ${what} in place, ${Math.round((Date.now() - start) / 1000)} s`);
  if (code === 'not found') throw new Missing(`${command} is missing; install it and run this again.`);
  throw new Missing(`${what} could not be installed: ${reason(remote)}`);
}

function reason(remote) {
  const text = readFileSync(log, 'utf8');
  const where = `see ${relative(process.cwd(), log) || log}`;
  const unreachable =
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|E?CONNECT|NewConnectionError|name resolution|timed out/;
  if (unreachable.test(text))
    return `${remote} cannot be reached; check network and proxy, then run this again (${where}).`;
  // npm, pip and tsc (the build at the end of an installation) print the problem first, then advice.
  const [, said] = /^(?:npm error|ERROR:|.*error TS\d+:) (?!code |errno |syscall |path )(.{12,})$/im.exec(text) ?? [];
  return `${said ?? text.trim().split('\n').at(-1)} (${where}).`;
}
