import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { HookRules } from '../config/hook-policy.ts';
import { hubFunctions } from '../config/names.ts';
import type { Settings } from '../config/settings.ts';
import type { Exceptions } from '../exceptions/exception.ts';

/** Folders of bundled code, to make an asset of in each stack. */
export interface LambdaCode {
  /** The hub's functions, with the settings and the register of exceptions that they believe instead of their callers. */
  readonly hub: string;
  /** The evaluator of AWS Config's rules, which is all that a governed region runs. */
  readonly member: string;
  /** The gate at deployment, with what it goes by; apart from the evaluator, which changes less often. */
  readonly hook: string;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const MEMBER = { evaluate: 'lambdas/evaluate/handler.ts' };
const HOOK = { hook: 'lambdas/hook/handler.ts', 'hook-worker': 'lambdas/hook/worker.ts' };

const options = {
  bundle: true,
  splitting: true,
  write: false,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.mjs' },
  // What was written for CommonJS asks for `require`, which ES modules lack.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  absWorkingDir: root,
} as const satisfies BuildOptions;

/**
 * Bundles all functions into one fixed folder, for code in temporary folders would count as changed in every checkout.
 * @param folder another folder for other settings, so that two apps can be synthesised at once
 */
export function bundle(settings: Settings, register: Exceptions, folder = join(root, 'dist', 'lambdas')): LambdaCode {
  const code = { hub: join(folder, 'hub'), member: join(folder, 'member'), hook: join(folder, 'hook') };
  const hub = built(Object.fromEntries(hubFunctions.map((name) => [name, `lambdas/${name}/handler.ts`])));
  put(code.hub, new Map([...hub, ['settings.json', json(settings)], ['exceptions.json', json(register)]]));
  put(code.member, built(MEMBER));
  put(code.hook, new Map([...built(HOOK), ['terms.json', json(termsOf(settings, register))]]));
  return code;
}

/** Without what only concerns live resources, so that a change to that is none to the hook. */
const termsOf = ({ parameters }: Settings, { exceptions }: Exceptions): HookRules => ({
  parameters,
  exceptions: exceptions.filter(({ template }) => template),
});

const json = (content: object) => Buffer.from(JSON.stringify(content));

function built(entryPoints: Record<string, string>): Map<string, Uint8Array> {
  const { outputFiles } = buildSync({ ...options, entryPoints, outdir: 'out' });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

/** Replaces file by file and only what differs, since another process may be reading the folder. */
function put(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, contents] of files) {
    const path = join(folder, name);
    if (existsSync(path) && readFileSync(path).equals(contents)) continue;
    const draft = join(folder, '../..', `.${process.pid}-${name}`);
    writeFileSync(draft, contents);
    renameSync(draft, path);
  }
  for (const stale of readdirSync(folder)) if (!files.has(stale)) rmSync(join(folder, stale), { force: true });
}
