import { relative } from 'node:path';
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from 'diff';
import type { Change } from '../check-all.ts';

/** A change as `diff -u` shows it, for people and for `git apply`. */
export function unifiedDiff({ file, before, after }: Change): string {
  const name = relative('', file);
  return createTwoFilesPatch(`a/${name}`, `b/${name}`, before.text, after, undefined, undefined, {
    headerOptions: FILE_HEADERS_ONLY,
  });
}
