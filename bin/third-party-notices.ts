import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The licences of the packages whose files went into a bundle, as most of them demand.
 * @param inputs the paths of those files
 * @throws Error naming a package that says nothing of its licence
 */
export function thirdPartyNotices(inputs: readonly string[]): string {
  const folders = new Set(inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []));
  return [...folders].toSorted().map(noticeOf).join('\n\n');
}

function noticeOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((candidate) => /^(licen[cs]e|copying)/i.test(candidate));
  // Some packages name their licence without enclosing it.
  const terms = file ? readFileSync(join(folder, file), 'utf8').trim() : undefined;
  if (license === undefined && terms === undefined)
    throw new Error(`${name} is in the bundle and does not say its licence; look up its terms.`);
  return [`${name} ${version} (${license})`, ...(terms ? ['', terms] : [])].join('\n');
}
