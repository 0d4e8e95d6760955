/**
 * Runs a task for each item, at most `limit` at a time, in their order.
 * @param goOn asked before each further one; false leaves the rest out
 * @returns what came of each; undefined for those left out
 */
export async function inParallel<T, R>(
  items: readonly T[],
  limit: number,
  task: (item: T) => Promise<R>,
  goOn: () => boolean = () => true,
): Promise<(R | undefined)[]> {
  const results: (R | undefined)[] = items.map(() => undefined);
  const waiting = items.entries();
  const worker = async () => {
    for (const [index, item] of waiting) {
      if (!goOn()) return;
      results[index] = await task(item);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}
