/** Keeps the foremost of what is put in, so that a page stays readable and memory bounded, and counts the rest. */
export class TopN<T> {
  readonly #limit: number;
  readonly #compare: (a: T, b: T) => number;
  #kept: T[] = [];
  #count = 0;

  /** `compare` puts the foremost first; it must tell any two apart, or the order of putting in would show. */
  constructor(limit: number, compare: (a: T, b: T) => number) {
    this.#limit = limit;
    this.#compare = compare;
  }

  add(item: T): void {
    this.#count++;
    this.#kept.push(item);
    if (this.#kept.length >= 2 * this.#limit) this.#kept = this.kept;
  }

  /** How many were put in. */
  get count(): number {
    return this.#count;
  }

  /** The foremost, in their order. */
  get kept(): T[] {
    return this.#kept.toSorted(this.#compare).slice(0, this.#limit);
  }
}

/** Compares by the first of these that tells two apart. */
export const by =
  <T>(...keys: readonly ((item: T) => string | number)[]) =>
  (a: T, b: T): number => {
    for (const key of keys) {
      const [left, right] = [key(a), key(b)];
      if (left !== right) return left < right ? -1 : 1;
    }
    return 0;
  };
