import { rmSync } from 'node:fs';
import { build } from 'esbuild';
import { commandLine } from './bundle.ts';

// Chunks are named by their content, so that those of earlier builds would stay for ever.
rmSync(commandLine.outdir, { recursive: true, force: true });
await build(commandLine);
