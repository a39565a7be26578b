/** The middle of sorted values, or the mean of the two in the middle, as a whole number; `undefined` of none. */
export function medianOf(sorted: readonly number[]): number | undefined {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : Math.round((low + high) / 2);
}
