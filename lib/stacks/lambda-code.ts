import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';
import type { HookRules } from '../config/hook-policy.ts';
import type { Settings } from '../config/settings.ts';
import type { Exceptions } from '../exceptions/exception.ts';
import { functionNames } from './functions.ts';

/** The folders of bundled code, one for each asset. */
export interface LambdaCode {
  /** The hub's functions, with the settings and the exceptions, which no caller can change. */
  readonly hub: string;
  /** The evaluator of the custom rules of AWS Config. */
  readonly member: string;
  /** The function of the CloudFormation hook, with its rules. It is separate because the evaluator changes less often. */
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
  // Packages written for CommonJS call `require`, which ES modules do not have.
  banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
  absWorkingDir: root,
} as const satisfies BuildOptions;

/**
 * Bundles all functions into a fixed folder. CDK would treat code in a temporary folder as changed on every synthesis.
 * @param folder another folder, for tests that synthesize apps with other settings at the same time
 */
export function bundle(settings: Settings, exceptions: Exceptions, folder = join(root, 'dist', 'lambdas')): LambdaCode {
  const code = { hub: join(folder, 'hub'), member: join(folder, 'member'), hook: join(folder, 'hook') };
  const hub = built(Object.fromEntries(functionNames.map((name) => [name, `lambdas/${name}/handler.ts`])));
  put(code.hub, new Map([...hub, ['settings.json', json(settings)], ['exceptions.json', json(exceptions)]]));
  put(code.member, built(MEMBER));
  put(code.hook, new Map([...built(HOOK), ['rules.json', json(hookRulesOf(settings, exceptions))]]));
  return code;
}

/** The rules of the hook. They leave out settings of live resources, whose changes must not redeploy the hook. */
const hookRulesOf = ({ parameters }: Settings, { exceptions }: Exceptions): HookRules => ({
  parameters,
  exceptions: exceptions.filter(({ template }) => template),
});

const json = (content: object) => Buffer.from(JSON.stringify(content));

function built(entryPoints: Record<string, string>): Map<string, Uint8Array> {
  const { outputFiles } = buildSync({ ...options, entryPoints, outdir: 'out' });
  return new Map(outputFiles.map(({ path, contents }) => [basename(path), contents]));
}

/** Replaces only the files that differ, one by one, because another process may be reading the folder. */
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
