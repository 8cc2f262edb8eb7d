/** Maps a stream in its own order, with up to `width` items under way at once. */
export async function* mapConcurrent<T, R>(
  items: AsyncIterable<T>,
  width: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const under: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = map(item);
      result.catch(() => {}); // it is thrown when its turn comes; until then it is not unhandled
      under.push(result);
      const first = under.length >= width ? under.shift() : undefined;
      if (first) yield await first;
    }
    for (const result of under) yield await result;
  } finally {
    await Promise.allSettled(under);
  }
}
