import { names } from '../../lib/config/names.ts';
import { indexed, readAll } from './table.ts';

/** What an item of the state table waits for people as, or an order to be finished; an item that waits for nobody has none. */
export type OpenAs =
  | 'approval'
  | 'command'
  | 'hold'
  | 'circuit-breaker'
  | 'backlog'
  | 'grace-period'
  | `backlog#${string}`;

/** Everything that waits for people as this, read from the table itself; what began a moment ago may be missing. */
export async function* listOpen(openAs: OpenAs): AsyncGenerator<object> {
  for await (const keys of indexed(names.openIndex, openAs)) {
    if (keys.length === 0) continue;
    const items = await readAll(keys.map(({ pk }) => ({ pk })));
    // The index may show what waits no more.
    yield* items.filter((item) => Reflect.get(item, names.openIndex) === openAs);
  }
}
