import ms, { type StringValue } from 'ms';

/** What a person may write: `45s`, `30m`, `2h`, `90 days`, `1h30m`. */
export const durationPattern =
  /^\d+(\.\d+)?\s*(ms|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(\s*\d+(\.\d+)?\s*(ms|s|m|h|d|w))*$/;

/** Milliseconds of a duration as people write it. `undefined` when it is none, or not longer than zero. */
export function parseDuration(text: string): number | undefined {
  if (!durationPattern.test(text)) return undefined;
  const parts = text.match(/\d+(\.\d+)?\s*[a-z]+/g) ?? [];
  const sumMs = parts.reduce((sum, part) => sum + ms(part as StringValue), 0);
  return sumMs > 0 ? sumMs : undefined;
}
