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
