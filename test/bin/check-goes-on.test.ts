import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { formats } from '../../bin/check/formats.ts';
import { check, key, workplace } from './command.ts';

const { folder, file, remove } = workplace();
afterAll(remove);

describe('a template that cannot be evaluated', () => {
  it.each<[string, string]>([
    [
      'a deep list',
      `{"Resources":{"K":{"Type":"AWS::KMS::Key","Properties":{"Tags":${'['.repeat(5000)}${']'.repeat(5000)}}}}}`,
    ],
    [
      'a condition that refers to itself',
      JSON.stringify({
        Conditions: { C: { 'Fn::Equals': [{ 'Fn::If': ['C', 'a', 'b'] }, 'a'] } },
        Resources: { K: { ...key(), Condition: 'C' } },
      }),
    ],
  ])('does not end the check of the other files: %s', async (_name, content) => {
    const name = 'beside-hostile';
    file(`${name}/a.template`, content);
    file(`${name}/b.template`, { Resources: { Other: key() } });
    for (const format of formats) {
      const { status, stdout } = await check('-f', format, join(folder, name));
      expect([1, 2]).toContain(status);
      expect(stdout).toContain('Other');
    }
    for (const how of ['--diff', '--fix'])
      expect((await check(how, join(folder, name))).stdout).toContain('b.template');
  });
});
