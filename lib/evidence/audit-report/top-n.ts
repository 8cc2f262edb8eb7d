/** Keeps the first items of a large number in an order, and counts the others; this limits memory and the size of a page. */
export class TopN<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #kept: T[] = [];
  #count = 0;

  /** `compare` must order any two items, so that the result does not depend on the order of `add`. */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(item: T): void {
    this.#count++;
    this.#kept.push(item);
    if (this.#kept.length >= 2 * this.#limit) this.#kept = this.kept;
  }

  /** The number of added items. */
  get count(): number {
    return this.#count;
  }

  /** The first items, in order. */
  get kept(): T[] {
    return this.#kept.toSorted(this.#compare).slice(0, this.#limit);
  }
}

/** Compares items by several keys, in their order. */
export const by =
  <T>(...keys: readonly ((item: T) => string | number)[]) =>
  (a: T, b: T): number => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
