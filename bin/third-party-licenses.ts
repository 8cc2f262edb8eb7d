import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licenses of the packages in a bundle, which most licenses require.
 * @param inputs the paths of the bundled files
 * @throws Error naming a package without a license
 */
export function thirdPartyLicenses(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders].toSorted().map(licenseOf).join('\n\n');
}

function licenseOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((candidate) => /^(licen[cs]e|copying)/i.test(candidate));
  // Some packages name their license but do not include its text.
  const terms = file ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
  if (license === undefined && terms === undefined)
    throw new Error(`The bundled package ${name} has no license. Look up its terms.`);
  return [`${name} ${version} (${license})`, ...(terms ? ['', terms] : [])].join('\n');
}
