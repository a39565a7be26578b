import { z } from 'zod';
import * as part from './record-parts-schema.ts';

const bucket = z.object({
  atMs: part.milliseconds,
  requests: part.count,
  failed: part.count,
  p50Ms: part.milliseconds.exactOptional(),
  p95Ms: part.milliseconds.exactOptional(),
});

const event = z.object({
  atMs: part.milliseconds,
  kind: z.enum(['fault', 'detected', 'failed-over', 'restored']),
  text: z.string(),
});

const switchLine = z.object({
  fault: z.string(),
  server: z.string(),
  faultAtMs: part.milliseconds,
  failedOverAfterMs: part.milliseconds.exactOptional(),
  budgetMs: part.milliseconds,
  restoredAfterMs: part.milliseconds.exactOptional(),
  requests: part.count,
  failed: part.count,
  failures: z.record(z.string(), part.count).describe('How many requests failed by what was answered'),
  outageMs: part.milliseconds,
  verdict: part.applicableVerdict,
});

/** What clients saw through the drill: requests at a fixed rate, in stretches of equal length. */
export const availability = z.object({
  perSecond: z.number(),
  probes: z.array(z.string()),
  bucketMs: part.milliseconds,
  outageLimitMs: part.milliseconds,
  errorShareLimit: z.number(),
  buckets: z.array(bucket),
  events: z.array(event),
  switches: z.array(switchLine),
});
