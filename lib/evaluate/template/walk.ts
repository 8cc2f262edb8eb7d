import type { Json } from '../../model/control.ts';
import { isList } from '../../model/json.ts';

type Composite = Exclude<Json, null | boolean | number | string>;
type Entries = { [key: string]: Json | undefined };

/**
 * Maps the items of a list or object and drops those that become undefined. Returns the same object if no item changes,
 * to save copies of unchanged parts of a template.
 */
export function mapItems(
  value: Composite,
  change: (item: Json | undefined, key: string) => Json | undefined,
): Composite {
  return isList(value) ? mapList(value, change) : mapObject(value, change);
}

function mapList(list: readonly Json[], change: (item: Json, key: string) => Json | undefined): readonly Json[] {
  let made: Json[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index] as Json; // within its length, and JSON has no holes
    const changed = change(item, String(index));
    if (changed === item) made?.push(item);
    else {
      made ??= list.slice(0, index);
      if (changed !== undefined) made.push(changed);
    }
  }
  return made ?? list;
}

function mapObject(object: Readonly<Entries>, change: (item: Json | undefined, key: string) => Json | undefined) {
  let made: Entries | undefined;
  for (const key in object) {
    const changed = change(object[key], key);
    if (changed === object[key]) continue;
    made ??= { ...object }; // with all keys as properties, `__proto__` too
    if (changed === undefined) delete made[key];
    else made[key] = changed;
  }
  return made ?? object;
}
