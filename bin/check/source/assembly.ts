import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Source } from './discover.ts';

/** What is read of a cloud assembly's `manifest.json`; a field of another form is as if it were absent. */
interface Manifest {
  readonly artifacts: { readonly [id: string]: Artifact | undefined };
}

interface Artifact {
  readonly type?: unknown;
  readonly properties?: {
    readonly templateFile?: unknown;
    readonly stackName?: unknown;
    readonly directoryName?: unknown;
  };
}

const MANIFEST = 'manifest.json';

/** Whether a folder is what `cdk synth` writes. */
export const isAssembly = async (folder: string): Promise<boolean> => (await manifestOf(folder)) !== undefined;

/** The stacks of a cloud assembly, those of Stages included; assets and leftovers are not, and nested ones stand in their parents. */
export async function* stacksOf(folder: string, above: readonly string[] = []): AsyncGenerator<Source> {
  const manifest = await manifestOf(folder);
  if (!manifest)
    throw new TemplateError(`${join(folder, MANIFEST)} names an assembly that is not there; run cdk synth again`);
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const { templateFile, directoryName } = artifact?.properties ?? {};
    if (artifact?.type === 'aws:cloudformation:stack' && typeof templateFile === 'string') {
      yield sourceOf(folder, id, artifact, templateFile);
    }
    // An assembly that leads back to itself has been tampered with.
    if (artifact?.type === 'cdk:cloud-assembly' && typeof directoryName === 'string' && !above.includes(folder))
      yield* stacksOf(join(folder, directoryName), [...above, folder]);
  }
}

/** What the manifest beside a template says of it; undefined where there is none, or it does not name the file. */
export async function stackOf(file: string): Promise<Source | undefined> {
  const folder = dirname(file);
  const manifest = await manifestOf(folder);
  for (const [id, artifact] of Object.entries(manifest?.artifacts ?? {}))
    if (artifact?.properties?.templateFile === basename(file))
      return { ...sourceOf(folder, id, artifact, basename(file)), file };
  return undefined;
}

function sourceOf(folder: string, id: string, { properties }: Artifact, templateFile: string): Source {
  const { stackName } = properties ?? {};
  return {
    file: join(folder, templateFile),
    stack: typeof stackName === 'string' ? stackName : id,
    generated: true,
    assets: join(folder, templateFile.replace(/(\.template)?\.json$/, '.assets.json')),
  };
}

async function manifestOf(folder: string): Promise<Manifest | undefined> {
  const manifest = await jsonIn(join(folder, MANIFEST));
  const isManifest =
    typeof manifest?.version === 'string' && typeof manifest.artifacts === 'object' && manifest.artifacts;
  return isManifest ? (manifest as unknown as Manifest) : undefined; // a field of another form is not used
}

/** A file's JSON object; undefined where there is none to be had, of which whoever reads the file itself tells. */
export async function jsonIn(file: string): Promise<{ readonly [key: string]: unknown } | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
