/** Maps a stream in its order, with up to `width` items in progress at once. */
export async function* mapConcurrent<T, R>(
  items: AsyncIterable<T>,
  width: number,
  map: (item: T) => Promise<R>,
): AsyncGenerator<R> {
  const pending: Promise<R>[] = [];
  try {
    for await (const item of items) {
      const result = map(item);
      result.catch(() => {}); // Awaiting the result below throws its error; until then Node must not report it as unhandled.
      pending.push(result);
      const first = pending.length >= width ? pending.shift() : undefined;
      if (first) yield await first;
    }
    for (const result of pending) yield await result;
  } finally {
    await Promise.allSettled(pending);
  }
}
