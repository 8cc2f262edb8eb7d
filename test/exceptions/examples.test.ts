import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { controls } from '../../controls/index.ts';
import { read } from './entries.ts';

it('the example in docs/exceptions.md is valid', () => {
  const [, example = ''] = /```yaml\n([\s\S]+?)```/.exec(readFileSync('docs/exceptions.md', 'utf8')) ?? [];
  const known = { controls: controls.map(({ id }) => id), accounts: ['222222222222'] };
  expect(read(example, known).exceptions).toMatchObject([{ id: 'shop-site-public', expires: '2027-03-31' }]);
});
