import type { AvailabilityBucket, LoadSample } from '../domain/availability.ts';
import { nearestRank } from './smoke-record.ts';

/** No load lasts for so many stretches. */
const bucketsMax = 1_000_000;

/**
 * The requests of a load in stretches of `bucketMs`, by the instant at which each was sent, from the beginning to the
 * last request without a gap.
 */
export function bucketsOf(samples: readonly LoadSample[], bucketMs: number): AvailabilityBucket[] {
  const held: LoadSample[][] = [];
  for (const sample of samples) {
    const at = Math.floor(sample.atMs / bucketMs);
    // A request at no instant of a load is in none of them, and must not be waited for.
    if (!(at >= 0 && at < bucketsMax)) continue;
    while (held.length <= at) held.push([]);
    held[at]?.push(sample);
  }
  return held.map((within, index) => {
    const latencies = within.map(({ latencyMs }) => latencyMs).toSorted((one, other) => one - other);
    return {
      atMs: index * bucketMs,
      requests: within.length,
      failed: within.filter(({ failure }) => failure !== undefined).length,
      ...(within.length > 0 && {
        p50Ms: round(nearestRank(latencies, 0.5)),
        p95Ms: round(nearestRank(latencies, 0.95)),
      }),
    };
  });
}

/** Milliseconds of the longest stretch of buckets in each of which more than `limit` of the requests failed. */
export function longestOutageMs(buckets: readonly AvailabilityBucket[], bucketMs: number, limit: number): number {
  let longest = 0;
  let current = 0;
  for (const { requests, failed } of buckets) {
    current = requests > 0 && !(failed / requests <= limit) ? current + 1 : 0;
    longest = Math.max(longest, current);
  }
  return longest * bucketMs;
}

/** Microseconds of a latency are noise, and a long run has many of them. */
function round(latencyMs: number): number {
  return Math.round(latencyMs * 10) / 10;
}
