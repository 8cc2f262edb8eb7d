import { describe, expect, it } from 'vitest';
import { declarationsOf, publicExports } from './exports.ts';
import { filesIn, PRODUCT, textOf } from './files.ts';

describe('every export', () => {
  it('has a doc sentence', () => {
    const files = filesIn([...PRODUCT, 'sandbox'], '.ts');
    expect(
      files.flatMap((file) =>
        declarationsOf(textOf(file)).flatMap(({ name, line, doc }) =>
          isSentence(doc) ? [] : [`${file}:${line} ${name}`],
        ),
      ),
    ).toEqual([]);
  });

  it.each([
    ['export const a = 1;'],
    ['/** Adds. */\n\nconst b = 1;\nexport const a = 1;'],
    ['/** not a sentence */\nexport interface A {}'],
    ['/** */\nexport type A = 1;'],
    ['// Adds.\nexport async function a() {}'],
  ])('without one is found: %s', (source) => {
    expect(declarationsOf(source).map(({ doc }) => isSentence(doc))).toEqual([false]);
  });

  it('is read with the comment before it', () => {
    const source =
      '/** Adds. */\n// A reason.\nexport const a = async (b: number) => b;\n/**\n * Is `a`.\n */\nexport class A {}';
    expect(declarationsOf(source)).toEqual([
      { name: 'a', kind: 'function', line: 3, doc: ' Adds. ' },
      { name: 'A', kind: 'class', line: 7, doc: '\n * Is `a`.\n ' },
    ]);
  });
});

describe('every public class and function', () => {
  const entries = [...textOf('package.json').matchAll(/"\.\/dist\/((?!bin|commonjs)[\w/-]+)\.js"/g)].map(
    ([, file]) => `${file}.ts`,
  );
  const exported = new Map(entries.flatMap((entry) => [...publicExports(entry, textOf)]));
  const declarations = [...exported].flatMap(([name, file]) =>
    declarationsOf(textOf(file)).filter((one) => one.name === name && ['class', 'function'].includes(one.kind)),
  );

  it('has an example', () => {
    expect(declarations.filter(({ doc }) => !doc.includes('@example')).map(({ name }) => name)).toEqual([]);
  });

  it('is looked at', () => {
    expect(declarations.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['ComplianceAspect', 'ControlAspect', 'report', 'evaluate', 'defineControl']),
    );
    expect([...exported].filter(([name, file]) => !textOf(file).includes(name))).toEqual([]);
  });
});

/** Whether a doc comment begins with a capital or code and has a sentence that ends. */
function isSentence(doc: string): boolean {
  const text = doc.replace(/^\s*\*?/gm, '').trim();
  return /^[A-Z\d`'"{@]/.test(text) && /[.:!?)`]\s*(?:\n|$)|[.:] /.test(text);
}
