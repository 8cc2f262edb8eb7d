import { describe, expect, it } from 'vitest';
import { ARROWS, roomOf, violationOf } from './arrows.ts';
import { filesIn, PRODUCT, textOf } from './files.ts';
import { cycles, type Import, importsOf } from './import-graph.ts';

const files = filesIn([...PRODUCT, 'sandbox'], '.ts');
const imports = files.flatMap((file) => importsOf(file, textOf(file)));
const between = (from: string, to: string): Import => ({ from, to, line: 1, typeOnly: true });

describe('finds every import', () => {
  it.each([
    ["import { a } from './b.ts';", 'lib/b.ts', false],
    ["import type { A } from '../b.ts';", 'b.ts', true],
    ["import {\n  type A,\n} from './b.ts';", 'lib/b.ts', false],
    ["export type { A } from './b.ts';", 'lib/b.ts', true],
    ["export * from './b.ts';", 'lib/b.ts', false],
    ["import './b.ts';", 'lib/b.ts', false],
    ["const b = await import('./b.ts');", 'lib/b.ts', false],
    ["type A = typeof import('./b.ts');", 'lib/b.ts', false],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    ["const s = `${await import('./b.ts')}`;", 'lib/b.ts', false],
    ["import { a } from 'zod/mini';", 'zod/mini', false],
  ])('%s', (source, to, typeOnly) => {
    expect(importsOf('lib/a.ts', source)).toEqual([expect.objectContaining({ to, typeOnly })]);
  });

  it.each([
    "// import './b.ts'",
    "/* from './b.ts' */",
    'const s = "import \'./b.ts\'";',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is source text
    '`${from} ./b.ts`',
    "Array.from('b')",
  ])('and no more: %s', (source) => expect(importsOf('lib/a.ts', source)).toEqual([]));

  it('of files that exist', () => {
    const known = new Set([...files, ...filesIn(['test/cases'], '.ts'), 'package.json']);
    expect(imports.filter(({ to }) => /\.(?:ts|json)$/.test(to) && !known.has(to))).toEqual([]);
  });
});

describe('import cycles', () => {
  it('do not exist, types included', () => {
    expect(cycles(imports).map((cycle) => cycle.join(' <-> '))).toEqual([]);
  });

  it('are found', () => {
    const loop = [between('a', 'b'), between('b', 'c'), between('c', 'a'), between('c', 'd'), between('e', 'e')];
    expect(cycles(loop)).toEqual([['a', 'b', 'c'], ['e']]);
    expect(cycles(loop.filter(({ from, to }) => from !== 'c' && from !== to))).toEqual([]);
  });
});

describe('arrows between rooms', () => {
  it('point one way', () => {
    expect(imports.flatMap((one) => violationOf(one) ?? [])).toEqual([]);
  });

  it('are refused when reversed', () => {
    const drawn = imports.filter(({ from, to }) => /^(?!test).*[.]ts$/.test(to) && roomOf(from) !== roomOf(to));
    const reversed = new Map(drawn.map(({ from, to }) => [`${roomOf(to)} -> ${roomOf(from)}`, between(to, from)]));
    expect(reversed.size).toBeGreaterThan(100);
    expect([...reversed].filter(([, one]) => violationOf(one) === undefined).map(([arrow]) => arrow)).toEqual([]);
  });

  it('name rooms that exist', () => {
    const rooms = Object.keys(ARROWS).filter((room) => room !== 'lambdas/*');
    expect(rooms.filter((room) => !files.some((file) => roomOf(file) === room))).toEqual([]);
  });

  it.each(Object.keys(ARROWS).filter((room) => /^(?:lib\/\w+|aspects)$/.test(room)))(
    'are the same in CONTRIBUTING.md for %s',
    (room) => {
      const row =
        textOf('CONTRIBUTING.md')
          .split('\n')
          .find((line) => line.startsWith(`| \`${room}/\` |`)) ?? '';
      const named = [...(row.split('|')[3] ?? '').matchAll(/`([^`]+)`/g)].map(([, path]) => path);
      const allowed = ARROWS[room]?.filter((one) => one !== room && !one.startsWith(`${room}/`));
      expect(named.toSorted()).toEqual(allowed?.toSorted());
    },
  );

  it('keep functions, tests, the sandbox and packages apart', () => {
    const value = (from: string, to: string) => violationOf({ ...between(from, to), typeOnly: false });
    expect(value('lambdas/plan/handler.ts', 'lambdas/repair/close.ts')).toContain('lambdas/plan may import');
    expect(value('lambdas/plan/handler.ts', 'lib/constructs/machine.ts')).toBeDefined();
    expect(value('lib/model/patch.ts', 'sandbox/steps.ts')).toBeDefined();
    expect(value('bin/evenkeel.ts', 'test/cases/cases.ts')).toBeDefined();
    expect(value('controls/s3/bucket.ts', '@aws-sdk/client-s3')).toContain('apart from its types');
    expect(value('controls/s3/bucket.ts', 'aws-cdk-lib/aws-s3')).toContain('apart from its types');
    expect(violationOf(between('controls/s3/bucket.ts', '@aws-sdk/client-s3'))).toBeUndefined();
    expect(value('lambdas/plan/handler.ts', 'aws-cdk-lib')).toBeDefined();
  });
});
