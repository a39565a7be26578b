import { z } from 'zod';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { NightlySummary } from '../domain/nightly.ts';
import { engineNames } from '../domain/service.ts';

const count = z.int().min(0);
const positive = z.int().min(1);
const milliseconds = z.number();
const verdict = z.enum(['pass', 'fail', 'inconclusive']);
const engine = z.enum(engineNames);

const flakiness = z.object({
  drill: z.string(),
  gitRevision: z.string().exactOptional(),
  sourceSha256: z.string().exactOptional(),
  engine,
  redRunId: z.string(),
  greenRunId: z.string(),
});

const row = z.object({
  drill: z.string(),
  source: z.string(),
  verdict,
  missing: z.string().exactOptional(),
  runId: z.string().exactOptional(),
  state: z.enum(['running', 'finished', 'interrupted', 'failed']).exactOptional(),
  startedAt: z.string().exactOptional(),
  durationMs: milliseconds.exactOptional(),
  engine: engine.exactOptional(),
  rows: count.exactOptional(),
  gitRevision: z.string().exactOptional(),
  sourceSha256: z.string().exactOptional(),
  sabotage: z.string().exactOptional(),
  quick: z.literal(true).exactOptional(),
  rto: z.object({ totalMs: milliseconds, targetMs: milliseconds, verdict }).exactOptional(),
  rpo: z
    .array(
      z.object({
        store: z.string(),
        measuredMs: milliseconds.exactOptional(),
        targetMs: milliseconds,
        lostWrites: count,
        verdict,
      }),
    )
    .exactOptional(),
  controls: z.object({ caught: count, planned: count }).exactOptional(),
  flaky: flakiness.exactOptional(),
});

const summarySchema: z.ZodType<NightlySummary> = z.object({
  schemaVersion: z.literal(1),
  createdAt: z.string(),
  verdict: verdict.exactOptional(),
  shard: z.object({ index: positive, count: positive }).exactOptional(),
  shards: z.object({ found: z.array(positive), missing: z.array(positive), count: positive }).exactOptional(),
  runsMs: milliseconds,
  rows: z.array(row),
  flaky: z.array(flakiness),
  notDue: z.array(
    z.object({ drill: z.string(), lastGreenAt: z.string().exactOptional(), nextDueAt: z.string().exactOptional() }),
  ),
  lots: z.array(
    z.object({ runbook: z.string(), period: z.string(), seed: count, scenario: z.string(), drill: z.string() }),
  ),
  reminders: z.array(z.object({ runbook: z.string(), title: z.string(), from: z.string(), until: z.string() })),
  gaps: z.array(z.object({ runbook: z.string(), scenario: z.string(), drill: z.string(), what: z.string() })),
  unreadable: z.array(z.string()),
});

/** Reads the text of a `summary.json`; a `DrillError` (`usage`) that lists what is wrong with it. */
export function parseSummary(text: string, file: string): NightlySummary {
  const parsed = summarySchema.safeParse(parseJson(text, file));
  if (parsed.success) return parsed.data;
  throw new DrillError({
    code: 'usage',
    what: 'the summary is not a summary.json of schema version 1',
    actual: parsed.error.issues.map(({ path, message }) => `${z.core.toDotPath(path)}: ${message}`).join('; '),
    where: file,
  });
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new DrillError({
      code: 'usage',
      what: 'the summary is no JSON',
      actual: messageOf(cause),
      where: file,
      cause,
    });
  }
}
