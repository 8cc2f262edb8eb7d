/** Makes every field required, so that a field that only one side declares makes a difference. */
type Full<T> = T extends readonly (infer Item)[]
  ? readonly Full<Item>[]
  : T extends object
    ? string extends keyof T
      ? T
      : { readonly [K in keyof T]-?: Full<T[K]> }
    : T;

/** True if two types declare the same fields; a field that only one declares does not compile as true. */
export type Same<A, B> = [Full<A>, Full<B>] extends [Full<B>, Full<A>] ? true : never;
