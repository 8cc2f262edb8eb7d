import { existsSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { commandLine, modules } from '../bin/bundle.ts';
import { thirdPartyLicenses } from '../bin/third-party-licenses.ts';
import manifest from '../package.json' with { type: 'json' };

const CDK = /(^|node_modules\/)(aws-cdk-lib|constructs|@aws-cdk)(\/|$)/;
const SDK = /(^|node_modules\/)(@aws-sdk|@aws-crypto|@smithy)(\/|$)/;

async function graph(entry: string): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [entry],
    outdir: 'unused',
    write: false,
    metafile: true,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    logLevel: 'silent',
  });
  return metafile;
}

/** The libraries that a module imports at run time, statically or on demand. */
async function libraries(entry: string): Promise<string[]> {
  const { inputs } = await graph(entry);
  const imports = Object.values(inputs).flatMap((input) => input.imports);
  return [...new Set(imports.filter(({ external, path }) => external && !path.startsWith('node:')).map((i) => i.path))];
}

describe('the dependencies of a module', () => {
  it.each(['controls/index.ts', 'lib/model/index.ts', 'lib/evaluate/index.ts'])(
    '%s has neither CDK nor SDK',
    async (entry) => {
      for (const library of await libraries(entry)) {
        expect(library).not.toMatch(CDK);
        expect(library).not.toMatch(SDK);
      }
    },
  );

  it('the Aspects have no SDK, and only the core of CDK', async () => {
    const found = await libraries('lib/index.ts');
    expect(found.filter((library) => SDK.test(library))).toEqual([]);
    expect(found.filter((library) => CDK.test(library)).sort()).toEqual(['aws-cdk-lib/core']);
  });

  it('the package is a few files with everything but CDK, which load faster than a hundred modules', async () => {
    const { metafile } = await build({ ...modules, write: false, metafile: true });
    const files = Object.values(metafile.outputs);
    expect(files.length).toBeLessThan(10);
    const left = files.flatMap(({ imports }) => imports.filter(({ external }) => external).map(({ path }) => path));
    expect([...new Set(left.filter((path) => !path.startsWith('node:')))]).toEqual(['aws-cdk-lib/core']);
    expect(Object.keys(metafile.inputs).filter((input) => CDK.test(input))).toEqual([]);
  });

  it('the package has the licenses of all bundled packages', async () => {
    const { metafile } = await build({ ...commandLine, write: false });
    const licenses = thirdPartyLicenses(Object.keys(metafile.inputs));
    for (const name of ['ipaddr.js', 'yaml', 'zod'])
      expect(licenses).toMatch(new RegExp(`^${name} \\d.*\\((MIT|ISC)\\)$`, 'm'));
    expect(licenses).toMatch(/Permission is hereby granted/);
  });

  it('the command line has no CDK, bundles everything but the SDK, and loads SDK and YAML on demand', async () => {
    const { metafile } = await build({ ...commandLine, write: false });
    const inputs = Object.keys(metafile.inputs);
    expect(inputs.filter((input) => CDK.test(input) || SDK.test(input))).toEqual([]);
    const left = Object.values(metafile.outputs).flatMap(({ imports }) => imports.filter(({ external }) => external));
    // YAML imports `process` and `buffer` of Node by these names.
    const foreign = left.filter(({ path }) => !/^(node:.*|module|process|buffer)$/.test(path));
    expect(foreign.filter(({ path, kind }) => !SDK.test(path) || kind !== 'dynamic-import')).toEqual([]);
    const atStart = startOf(metafile, 'dist/bin/evenkeel.js');
    expect(atStart.filter((input) => input.startsWith('node_modules/'))).toEqual([]);
    const forCheck = startOf(metafile, outputOf(metafile, 'bin/subcommands/check.ts'));
    expect(forCheck).toContain('lib/model/patch.ts');
    const later = /^(node_modules\/(yaml|jsonc-parser|zod|diff)\/|bin\/check\/(format|fix)\/)/;
    expect(forCheck.filter((input) => later.test(input))).toEqual([]);
    expect(inputs.filter((input) => later.test(input)).length).toBeGreaterThan(0);
  });
});

/** The sources that an output loads by static imports. */
function startOf({ outputs }: Metafile, output: string, seen = new Set<string>()): string[] {
  if (seen.has(output)) return [];
  seen.add(output);
  const { inputs = {}, imports = [] } = outputs[output] ?? {};
  const next = imports.filter(({ kind, external }) => kind === 'import-statement' && !external);
  return [...Object.keys(inputs), ...next.flatMap(({ path }) => startOf({ inputs: {}, outputs }, path, seen))];
}

function outputOf({ outputs }: Metafile, entry: string): string {
  const [path] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === entry) ?? [];
  if (!path) throw new Error(`${entry} is not an entry point, so it is not imported on demand.`);
  return path;
}

describe('the package', () => {
  const exported = Object.values(manifest.exports).map((entry) => ({ ...entry, ...sourceOf(entry.default) }));

  it.each(exported)('exports $source, which the build includes', async ({ source, stem, types, require }) => {
    expect(existsSync(source)).toBe(true);
    expect(types).toBe(`./dist/${stem}.d.ts`);
    // Both use the same code. With two copies, an app could have two gates.
    expect(require).toEqual({ types: `./dist/commonjs/${stem}.d.ts`, default: `./dist/${stem}.js` });
    expect(Object.keys((await graph('lib/index.ts')).inputs)).toContain(source);
  });

  it('has the bundle as its bin', () => {
    expect(manifest.bin).toEqual({ evenkeel: `${commandLine.outdir}/evenkeel.js` });
  });
});

function sourceOf(file: string) {
  const stem = file.replace(/^\.\/dist\/|\.js$/g, '');
  return { stem, source: `${stem}.ts` };
}
