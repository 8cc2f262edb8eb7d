import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TemplateError } from '../../../lib/evaluate/template/template-error.ts';
import type { Source } from './source.ts';

/** The fields of a cloud assembly's `manifest.json` that are read; a field of another type counts as absent. */
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

/** Whether a folder is a cloud assembly, which `cdk synth` writes. */
export const isAssembly = async (folder: string): Promise<boolean> => (await manifestOf(folder)) !== undefined;

/** The stacks of a cloud assembly and of its Stages, without assets and unlisted files; parents name their nested stacks. */
export async function* stacksOf(folder: string, parents: readonly string[] = []): AsyncGenerator<Source> {
  const manifest = await manifestOf(folder);
  if (!manifest)
    throw new TemplateError(`${join(folder, MANIFEST)} is missing, but a cloud assembly names it; run cdk synth again`);
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const { templateFile, directoryName } = artifact?.properties ?? {};
    if (artifact?.type === 'aws:cloudformation:stack' && typeof templateFile === 'string') {
      yield sourceOf(folder, id, artifact, templateFile);
    }
    // A manifest that someone changed can name its own folder.
    if (artifact?.type === 'cdk:cloud-assembly' && typeof directoryName === 'string' && !parents.includes(folder))
      yield* stacksOf(join(folder, directoryName), [...parents, folder]);
  }
}

/** The source of a template by the manifest in its folder; undefined without a manifest that names the file. */
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
  const manifest = await readJsonObject(join(folder, MANIFEST));
  const isManifest =
    typeof manifest?.version === 'string' && typeof manifest.artifacts === 'object' && manifest.artifacts;
  return isManifest ? (manifest as unknown as Manifest) : undefined; // each field is checked before use
}

/** A file's JSON object; undefined for a missing or invalid file, which the caller reports if it needs the file. */
export async function readJsonObject(file: string): Promise<{ readonly [key: string]: unknown } | undefined> {
  try {
    const value = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
