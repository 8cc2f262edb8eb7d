import type { BuildOptions } from 'esbuild';

/**
 * The bundle of the command line: one file for each subcommand, and shared files. It needs no installed packages but
 * the SDK, and only for subcommands that call AWS.
 */
export const commandLine = {
  entryPoints: ['bin/evenkeel.ts'],
  outdir: 'dist/bin',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  // The CommonJS code of some packages loads files in a way that bundlers cannot follow.
  mainFields: ['module', 'main'],
  target: 'node20',
  external: ['@aws-sdk/*', '@aws-crypto/*', '@smithy/*'],
  // CommonJS code in the bundle loads Node's modules with `require`, which ESM lacks.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  metafile: true,
  logLevel: 'warning',
} as const satisfies BuildOptions;

/**
 * The bundle of the package's exports: a few files, which load in a quarter of the time of a hundred modules. CDK stays
 * external, because the app brings its own.
 */
export const modules = {
  entryPoints: ['lib/index.ts', 'lib/model/index.ts', 'lib/evaluate/index.ts', 'controls/index.ts'],
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
