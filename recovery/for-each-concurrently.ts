/**
 * Works through a stream of items, at most `concurrency` at a time and taking the next only when there is room, so
 * that a long stream does not gather in memory. After the first failure no further item is taken; it is thrown once
 * what is under way has ended, and the stream is closed.
 */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const iterator = items[Symbol.asyncIterator]();
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (failures.length === 0) {
      const item = await iterator.next();
      if (item.done) return;
      await work(item.value);
    }
  };
  const lanes = Array.from({ length: concurrency }, () => lane().catch((error: unknown) => failures.push(error)));
  await Promise.all(lanes);
  if (failures.length === 0) return;
  await iterator.return?.();
  throw failures[0];
}
