import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import manifest from '../../package.json' with { type: 'json' };

const SOURCES = ['aspects', 'bin', 'controls', 'docs', 'lambdas', 'lib', 'LICENSE', 'README.md', 'package.json'];
const COMPILER = ['tsconfig.json', 'tsconfig.build.json'];
const installed = resolve('node_modules');
// CDK's own validation of templates takes seconds per process, and is not tested here.
const env = { PATH: process.env.PATH, HOME: tmpdir(), CDK_VALIDATION: 'false', CDK_DISABLE_CLI_TELEMETRY: 'true' };

/** Runs a program without the environment of the test runner. */
export function run(cwd: string, program: string, args: readonly string[], more: Record<string, string> = {}) {
  return spawnSync(program, args, { cwd, encoding: 'utf8', env: { ...env, ...more } });
}

/** The output of a program. */
export const said = ({ stdout, stderr }: SpawnSyncReturns<string>) => `${stdout}\n${stderr}`;

/** Packs a copy of the sources with a new build, like a clean checkout. */
export function pack(): { readonly folder: string; readonly tarball: string } {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-pack-'));
  const checkout = join(folder, 'checkout');
  for (const name of [...SOURCES, ...COMPILER]) cpSync(name, join(checkout, name), { recursive: true });
  symlinkSync(installed, join(checkout, 'node_modules'));
  const packed = run(checkout, 'npm', ['pack', '--silent', '--pack-destination', folder]);
  if (packed.status !== 0) throw new Error(said(packed));
  return { folder, tarball: join(folder, `${manifest.name}-${manifest.version}.tgz`) };
}

/** A folder with the package from its tarball and all dependencies, without network access. */
export function install({ folder, tarball }: ReturnType<typeof pack>): string {
  const app = join(folder, 'app');
  const modules = join(app, 'node_modules');
  const target = join(modules, manifest.name);
  mkdirSync(target, { recursive: true });
  for (const name of readdirSync(installed))
    if (name !== '.bin') symlinkSync(join(installed, name), join(modules, name));
  const unpacked = run(target, 'tar', ['xzf', tarball, '--strip-components=1']);
  if (unpacked.status !== 0) throw new Error(said(unpacked));
  mkdirSync(join(modules, '.bin'));
  for (const name of ['cdk', 'tsc', 'tsx']) symlinkSync(join(installed, '.bin', name), join(modules, '.bin', name));
  symlinkSync(join(target, manifest.bin.evenkeel), join(modules, '.bin', 'evenkeel'));
  return app;
}

/** Writes the files of an app into a folder below the one with the packages. */
export function write(home: string, name: string, files: { readonly [file: string]: string }): string {
  const folder = join(home, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return folder;
}
