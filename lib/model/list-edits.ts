/** One step from an old list to a new one; `from` and `to` are indices in the old and in the new list. */
export type ListEdit =
  | { readonly kind: 'remove'; readonly from: number }
  | { readonly kind: 'add'; readonly from: number; readonly to: number }
  | { readonly kind: 'replace'; readonly from: number; readonly to: number };

/** Lists up to this product of lengths get the shortest edit; the search costs the product. */
const MAX_SEARCH = 1024;

/**
 * The edits from one list of ids to another, in ascending order. They are the fewest for short lists and for those that
 * differ in a short part. Time and memory are near-linear for all others.
 */
export function listEdits(from: readonly number[], to: readonly number[]): ListEdit[] {
  let [fromEnd, toEnd] = [from.length, to.length];
  while (fromEnd > 0 && toEnd > 0 && from[fromEnd - 1] === to[toEnd - 1]) [fromEnd, toEnd] = [fromEnd - 1, toEnd - 1];
  let start = 0;
  while (start < fromEnd && start < toEnd && from[start] === to[start]) start++;
  const range = { from, to, fromStart: start, fromEnd, toStart: start, toEnd };
  return sizeOf(range) <= MAX_SEARCH ? shortest(range) : betweenAnchors(range);
}

interface Range {
  readonly from: readonly number[];
  readonly to: readonly number[];
  readonly fromStart: number;
  readonly fromEnd: number;
  readonly toStart: number;
  readonly toEnd: number;
}

const sizeOf = ({ fromStart, fromEnd, toStart, toEnd }: Range) => (fromEnd - fromStart) * (toEnd - toStart);

/** Keeps the longest ascending sequence of equal items, and edits what lies between them. */
function betweenAnchors(range: Range): ListEdit[] {
  const edits: ListEdit[] = [];
  let { fromStart, toStart } = range;
  const until = (fromEnd: number, toEnd: number) => {
    const gap = { ...range, fromStart, fromEnd, toStart, toEnd };
    for (const edit of sizeOf(gap) <= MAX_SEARCH ? shortest(gap) : inPairs(gap)) edits.push(edit);
    [fromStart, toStart] = [fromEnd + 1, toEnd + 1];
  };
  for (const [index, place] of longestAscending(pairs(range))) until(index, place);
  until(range.fromEnd, range.toEnd);
  return edits;
}

type Pair = readonly [from: number, to: number];

/** Pairs the first occurrence of an id in one list with the first in the other, and so on. */
function pairs({ from, to, fromStart, fromEnd, toStart, toEnd }: Range): Pair[] {
  const places = new Map<number, number[]>();
  for (let place = toEnd - 1; place >= toStart; place--) {
    const id = to[place] ?? 0; // within its length
    const known = places.get(id);
    if (known) known.push(place);
    else places.set(id, [place]);
  }
  const found: Pair[] = [];
  for (let index = fromStart; index < fromEnd; index++) {
    const place = places.get(from[index] ?? 0)?.pop();
    if (place !== undefined) found.push([index, place]);
  }
  return found;
}

/** The longest subsequence whose second numbers ascend; the first ones ascend already. */
function longestAscending(all: readonly Pair[]): Pair[] {
  const previous: number[] = [];
  const ends: number[] = []; // for each length, the pair that ends the sequence with the lowest number
  const placeAt = (index: number | undefined) => all[index ?? -1]?.[1] ?? -1;
  for (const [index, [, place]] of all.entries()) {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (placeAt(ends[middle]) < place) low = middle + 1;
      else high = middle;
    }
    previous.push(ends[low - 1] ?? -1);
    ends[low] = index;
  }
  const kept: Pair[] = [];
  for (let index = ends.at(-1) ?? -1; index >= 0; index = previous[index] ?? -1) {
    const pair = all[index];
    if (pair) kept.push(pair);
  }
  return kept.reverse();
}

/** Replaces item by item, then removes or adds the rest. */
function inPairs({ fromStart, fromEnd, toStart, toEnd }: Range): ListEdit[] {
  const edits: ListEdit[] = [];
  for (let step = 0; fromStart + step < fromEnd || toStart + step < toEnd; step++) {
    const [index, place] = [fromStart + step, toStart + step];
    if (place >= toEnd) edits.push({ kind: 'remove', from: index });
    else if (index >= fromEnd) edits.push({ kind: 'add', from: fromEnd, to: place });
    else edits.push({ kind: 'replace', from: index, to: place });
  }
  return edits;
}

/** The fewest edits, by a table of the costs of all beginnings of both lists. */
function shortest({ from, to, fromStart, fromEnd, toStart, toEnd }: Range): ListEdit[] {
  const width = toEnd - toStart + 1;
  const costs: number[] = [];
  const costAt = (index: number, place: number) => costs[(index - fromStart) * width + place - toStart] ?? 0;
  for (let index = fromStart; index <= fromEnd; index++)
    for (let place = toStart; place <= toEnd; place++) costs.push(costOf(index, place));
  const edits: ListEdit[] = [];
  for (let [index, place] = [fromEnd, toEnd]; index > fromStart || place > toStart; ) {
    const cost = costAt(index, place) - 1;
    if (isEqual(index, place)) [index, place] = [index - 1, place - 1];
    else if (index > fromStart && costAt(index - 1, place) === cost) edits.push({ kind: 'remove', from: --index });
    else if (place > toStart && costAt(index, place - 1) === cost)
      edits.push({ kind: 'add', from: index, to: --place });
    else edits.push({ kind: 'replace', from: --index, to: --place });
  }
  return edits.reverse();

  function isEqual(index: number, place: number): boolean {
    return index > fromStart && place > toStart && from[index - 1] === to[place - 1];
  }

  function costOf(index: number, place: number): number {
    if (index === fromStart || place === toStart) return index - fromStart + place - toStart;
    if (isEqual(index, place)) return costAt(index - 1, place - 1);
    return 1 + Math.min(costAt(index - 1, place), costAt(index, place - 1), costAt(index - 1, place - 1));
  }
}
