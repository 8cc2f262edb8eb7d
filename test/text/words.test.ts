import { expect, it } from 'vitest';
import { pluralize } from '../../lib/text/words.ts';

it.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('says %d in words', (count, words) => {
  expect(pluralize(count, 'file')).toBe(words);
});
