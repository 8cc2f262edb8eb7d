import { names } from '../../lib/config/names.ts';
import { indexed, readAll } from './table.ts';

/** The kinds of open items: they need people, or are commands to finish. Other items have no kind. */
export type OpenAs =
  | 'approval'
  | 'command'
  | 'hold'
  | 'circuit-breaker'
  | 'backlog'
  | 'grace-period'
  | `backlog#${string}`;

/** Lists the open items of a kind, read from the table itself. An item that opened a moment ago may be missing. */
export async function* listOpen(openAs: OpenAs): AsyncGenerator<object> {
  for await (const keys of indexed(names.openIndex, openAs)) {
    if (keys.length === 0) continue;
    const items = await readAll(keys.map(({ pk }) => ({ pk })));
    // The index may show items that are no longer open.
    yield* items.filter((item) => Reflect.get(item, names.openIndex) === openAs);
  }
}
