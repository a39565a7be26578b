import prettyMilliseconds from 'pretty-ms';

/** Milliseconds for people; what is no number, or none that ends, is told as it is. */
export function durationWords(durationMs: number): string {
  return Number.isFinite(durationMs) ? prettyMilliseconds(durationMs) : String(durationMs);
}

/** A count for people: `1,200`. One that was not measured is told as what it is. */
export function countWords(count: number): string {
  return Number.isFinite(count) ? count.toLocaleString('en') : String(count);
}
