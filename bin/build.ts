import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { commandLine, modules } from './bundle.ts';
import { thirdPartyLicenses } from './third-party-licenses.ts';

const MODULES = ['aspects', 'controls', 'lib'];
const COMMONJS = 'dist/commonjs';

// Without this, the package keeps files whose source was removed.
for (const folder of [...MODULES.map((name) => `dist/${name}`), COMMONJS, commandLine.outdir])
  rmSync(folder, { recursive: true, force: true });

// The compiler writes only the declarations.
const compiler = fileURLToPath(new URL('bin/tsc', import.meta.resolve('typescript/package.json')));
execFileSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], { stdio: 'inherit' });
declareForCommonJs();
const bundles = await Promise.all([build(modules), build(commandLine)]);
writeFileSync(
  'dist/THIRD-PARTY-LICENSES',
  thirdPartyLicenses(bundles.flatMap(({ metafile }) => Object.keys(metafile.inputs))),
);

/**
 * Node loads ES modules with `require`, but TypeScript's `node16` and `node18` accept this only with declarations of
 * CommonJS. Both use the same code, because two copies would be two gates in one app.
 */
function declareForCommonJs(): void {
  for (const name of MODULES)
    cpSync(`dist/${name}`, `${COMMONJS}/${name}`, { recursive: true, filter: (path) => !path.endsWith('.js') });
  writeFileSync(`${COMMONJS}/package.json`, `${JSON.stringify({ type: 'commonjs' })}\n`);
}
