import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../bin/check/source/parse-template.ts';
import { TemplateError } from '../../lib/evaluate/template/template-error.ts';

const yaml = `Resources:
  A:
    Properties: &shared
      List:
        - x: 1
        - !If [C, { y: 1 }, 2]
        - z # é
  "B":
    Properties: { 'Flow': [ 1, { In: 2 } ] }
`;
const json = '{\r\n "Resources": {"A": {"Properties": {\t"List": [{"x": 1},\r\n {"y": {"z": "é"}}]}}}}';

describe('the position of a path', () => {
  it.each<[string, string[], number, number]>([
    [yaml, ['Resources', 'A', 'Properties', 'List'], 4, 7],
    [yaml, ['Resources', 'A', 'Properties', 'List', '0', 'x'], 5, 11],
    [yaml, ['Resources', 'A', 'Properties', 'List', '1', 'Fn::If'], 6, 15],
    [yaml, ['Resources', 'A', 'Properties', 'List', '2'], 7, 11],
    [yaml, ['Resources', 'A', 'Properties', 'Missing'], 3, 5],
    [yaml, ['Resources', 'B', 'Properties', 'Flow', '1', 'In'], 9, 34],
    [yaml, ['Nothing'], 1, 1],
    [json, ['Resources', 'A', 'Properties', 'List', '1', 'y', 'z'], 3, 9],
    [json, ['Resources', 'A'], 2, 16],
    [json, ['Nothing'], 1, 1],
  ])('%#', async (text, path, line, column) => {
    expect(await (await parseTemplate(text)).position(path)).toEqual({ line, column });
  });
});

describe('an invalid template', () => {
  const deep = (open: string, close: string) => `{"Resources":${open.repeat(100_000)}1${close.repeat(100_000)}}`;
  it.each<[string, string, RegExp]>([
    ['no content', ' \n', /^the file is empty$/],
    ['a list', '[{"Resources": {}}]', /it has no "Resources"/],
    ['a text', '"Resources"', /it has no "Resources"/],
    ['Resources that are a list', '{"Resources": []}', /it has no "Resources"/],
    ['deep JSON objects', deep('{"a":', '}'), /nested more than 200 levels/],
    ['deep JSON lists', deep('[', ']'), /nested more than 200 levels/],
    ['deep YAML lists in one line', `Resources: ${'['.repeat(100_000)}`, /not valid JSON or YAML|nested/],
    ['deep YAML lists in a block', `Resources:\n  ${'- '.repeat(100_000)}x`, /not valid JSON or YAML|nested/],
    ['deep YAML maps', Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'), /nested/],
    ['an alias bomb', bomb(), /aliases/],
    ['a flat alias bomb', flatBomb(), /aliases expand to more than/],
    ['an alias to its own parent', 'Resources: &a\n  A: *a\n', /nested more than 200 levels/],
    ['an unknown alias', 'Resources:\n  A: *a\n', /Unresolved alias/],
    ['two documents', 'Resources: {}\n---\nResources: {}\n', /not valid JSON or YAML/],
    ['broken JSON', '{"Resources": {"A": ]}', /not valid JSON or YAML/],
  ])('%s', async (_name, text, message) => {
    const error = await parseTemplate(text).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(TemplateError);
    expect(error.message).toMatch(message);
  });

  it.each([
    ['{"Resources": {"A": {"Type": "T"},\n "B": {}, "A": {}}}', 2, 11],
    ['{"Resources": {}, "a\\\\": 1,\n "Resources": {}}', 2, 2],
    ['{"Resources": {"x": [{"y\\"": 1, "z:": ":",\n "y\\"": 2}]}}', 2, 2],
  ])('duplicate keys: %s', async (text, line, column) => {
    await expect(parseTemplate(text)).rejects.toMatchObject({
      message: expect.stringContaining('duplicate key'),
      position: { line, column },
    });
  });

  it('does not include unusual keys and numbers', async () => {
    const { template } = await parseTemplate(
      '{"Resources": {"__proto__": {"Type": "a: \\"b\\":"}, "n": {"x": 1e999}}}',
    );
    expect(Object.keys(template.Resources ?? {})).toEqual(['__proto__', 'n']);
  });
});

function bomb(): string {
  const lines = Array.from(
    { length: 20 },
    (_, index) => `a${index + 1}: &a${index + 1} [*a${index}, *a${index}, *a${index}]`,
  );
  return ['Resources: {}', 'a0: &a0 [x, x]', ...lines, ''].join('\n');
}

function flatBomb(): string {
  return `Resources: {}\na: &a [${'x,'.repeat(30_000)}]\nb: [${'*a,'.repeat(90)}]\n`;
}
