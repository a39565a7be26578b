/**
 * Works through items, at most `concurrency` at a time and taking the next only when there is room, so that a long
 * stream does not gather in memory. After the first failure, or when `signal` aborts, no further item is taken and the
 * signal given to the running ones aborts; when they have ended, the stream is closed and that failure is thrown.
 */
export async function forEachConcurrently<T>(
  items: AsyncIterable<T> | Iterable<T>,
  concurrency: number,
  work: (item: T, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const iterator = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  const failed = new AbortController();
  const either = signal ? AbortSignal.any([signal, failed.signal]) : failed.signal;
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    while (!either.aborted) {
      const item = await iterator.next();
      if (item.done || either.aborted) return;
      await work(item.value, either);
    }
  };
  const lanes = Array.from({ length: concurrency }, () =>
    lane().catch((error: unknown) => {
      failures.push(error);
      failed.abort(error);
    }),
  );
  await Promise.all(lanes);
  if (!either.aborted) return;
  await iterator.return?.();
  signal?.throwIfAborted();
  throw failures[0];
}
