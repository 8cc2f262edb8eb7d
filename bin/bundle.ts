import type { BuildOptions } from 'esbuild';

/**
 * The command line as files, one for the command table, one for each command and what they share. They need nothing
 * installed but the SDK, and that only where a command asks AWS.
 */
export const commandLine = {
  entryPoints: ['bin/evenkeel.ts'],
  outdir: 'dist/bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // Some packages' CommonJS loads its own files in a way that no bundler follows.
  mainFields: ['module', 'main'],
  target: 'node20',
  external: ['@aws-sdk/*', '@aws-crypto/*', '@smithy/*'],
  // CommonJS in a bundle asks for Node's modules by `require`, which ESM lacks.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * What `exports` of package.json offers as JavaScript: a few files, which an app loads in a quarter of the time that the
 * hundred modules would take. CDK is the app's own.
 */
export const modules = {
  entryPoints: ['lib/index.ts', 'lib/model/control.ts', 'lib/evaluate/index.ts', 'controls/index.ts'],
  outdir: 'dist',
  outbase: '.',
  chunkNames: 'lib/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  mainFields: ['module', 'main'],
  target: 'node20',
  external: ['aws-cdk-lib', 'constructs'],
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;
