import { describe, expect, it } from 'vitest';
import { baseName, filesIn, linesOf, PRODUCT, textOf } from './files.ts';

/** Base names that say what a file is to its folder, in every folder alike. */
const SHARED = ['handler.ts', 'index.ts', 'schema.ts'];

describe('base names', () => {
  it('are unique in lib, lambdas, bin and aspects', () => {
    expect(repeated(filesIn(['lib', 'lambdas', 'bin', 'aspects'], '.ts'))).toEqual([]);
  });

  it('that repeat are found', () => {
    const files = ['lib/a/report.ts', 'bin/report.ts', 'lib/a/schema.ts', 'lib/b/schema.ts', 'lib/port.ts'];
    expect(repeated(files)).toEqual(['lib/a/report.ts, bin/report.ts']);
  });
});

describe('the length of product files', () => {
  const lengths = new Map(filesIn(PRODUCT, '.ts').map((file) => [file, linesOf(textOf(file))]));

  it('is at most 250 lines', () => {
    expect([...lengths].filter(([, lines]) => lines > 250)).toEqual([]);
  });

  it('has a median of at most 80 lines', () => {
    const sorted = [...lengths.values()].sort((a, b) => a - b);
    expect(sorted.at(sorted.length / 2)).toBeLessThanOrEqual(80);
  });
});

it('the README has at most 1,000 words', () => {
  expect(textOf('README.md').split(/\s+/).filter(Boolean).length).toBeLessThanOrEqual(1000);
});

function repeated(files: readonly string[]): string[] {
  const named = new Map<string, string[]>();
  for (const file of files) named.set(baseName(file), [...(named.get(baseName(file)) ?? []), file]);
  return [...named].flatMap(([name, group]) => (group.length > 1 && !SHARED.includes(name) ? [group.join(', ')] : []));
}
