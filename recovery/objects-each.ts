import pLimit from 'p-limit';

/**
 * Does `work` for every item, `concurrency` at a time. After the first failure, or when `signal` aborts, nothing new is
 * begun and the signal given to the running ones aborts; when they have ended, that failure is thrown.
 */
export async function forEachLimited<T>(
  items: readonly T[],
  { concurrency, signal }: { concurrency: number; signal: AbortSignal },
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const failures: unknown[] = [];
  await pLimit(concurrency).map(items, async (item) => {
    if (either.aborted) return;
    try {
      await work(item, either);
    } catch (error) {
      failures.push(error);
      failed.abort(error);
    }
  });
  signal.throwIfAborted();
  if (failures.length > 0) throw failures[0];
}
