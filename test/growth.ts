/** Sixteen times the items take 16 times as long if the cost is linear, and 256 times if it is quadratic. */
export const NEAR_LINEAR = 64;

/**
 * How many times longer a run takes with sixteen times the items. Other processes only make a run slower, so the fastest
 * run of each size counts, and the lowest of several ratios.
 */
export function growth<T>(create: (count: number) => T, run: (input: T) => unknown, count = 250): number {
  const [small, large] = [create(count), create(16 * count)];
  let lowest = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 4 && lowest > NEAR_LINEAR; round++) {
    fastest(() => run(small)); // the first runs are slower, until the code is compiled
    lowest = Math.min(lowest, fastest(() => run(large)) / fastest(() => run(small)));
  }
  return lowest;
}

function fastest(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < 4; count++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}
