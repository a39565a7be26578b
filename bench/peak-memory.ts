/** Samples the resident memory of this process until it is disposed. */
export function peakMemory(intervalMs = 50): Disposable & { peakBytes(): number } {
  let peak = process.memoryUsage.rss();
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, intervalMs);
  timer.unref();
  return { peakBytes: () => peak, [Symbol.dispose]: () => clearInterval(timer) };
}
