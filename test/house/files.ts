import { readdirSync, readFileSync } from 'node:fs';

const root = new URL('../../', import.meta.url);

/** The folders of the product. */
export const PRODUCT = ['lib', 'lambdas', 'bin', 'aspects', 'controls'];

/** The files under the folders that have one of the extensions, as paths from the root of the repository. */
export function filesIn(folders: readonly string[], ...extensions: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((file) => `${folder}/${file}`),
    )
    .filter((file) => extensions.some((extension) => file.endsWith(extension)))
    .filter((file) => !/\/(?:node_modules|__pycache__|\.local)\//.test(file))
    .sort();
}

/** The text of a file of the repository. */
export const textOf = (file: string): string => readFileSync(new URL(file, root), 'utf8');

/** The number of lines of a text. */
export const linesOf = (text: string): number => text.split('\n').length - 1;

/** The last part of a path. */
export const baseName = (file: string): string => file.slice(file.lastIndexOf('/') + 1);
