import { expect, it } from 'vitest';
import { counted } from '../../lib/counted.ts';

it.each([
  [0, '0 files'],
  [1, '1 file'],
  [2, '2 files'],
])('says %d in words', (count, words) => {
  expect(counted(count, 'file')).toBe(words);
});
