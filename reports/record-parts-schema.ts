import { z } from 'zod';
import { engineNames, serviceNames } from '../domain/service.ts';
import { phaseNames, recoveryPhases } from '../domain/timeline.ts';

export const verdict = z.enum(['pass', 'fail', 'inconclusive', 'not-applicable']).meta({ id: 'Verdict' });
export const applicableVerdict = z.enum(['pass', 'fail', 'inconclusive']).meta({ id: 'ApplicableVerdict' });
export const store = z.enum(['postgres', 'objects', 'search']).meta({ id: 'Store' });
export const engine = z.enum(engineNames);
export const phase = z.enum(phaseNames).meta({ id: 'Phase' });
export const recoveryPhase = z.enum(recoveryPhases);
/** ISO 8601 in UTC, as `Date.toISOString` writes it. */
export const instant = z.iso.datetime().meta({ id: 'Instant', description: 'ISO 8601, UTC' });
/** A day, alone or as an instant of it: dates to come are not known to the second. */
export const day = z
  .union([z.iso.date(), z.iso.datetime()])
  .meta({ id: 'Day', description: 'ISO 8601, a date or an instant in UTC' });
export const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected a sha256 in hex')
  .meta({ id: 'Sha256' });
export const milliseconds = z.number().meta({ id: 'Milliseconds' });
export const count = z.int().min(0).meta({ id: 'Count' });

export const finding = z
  .object({
    check: z.string().describe('Name of the check that judged, e.g. integrity.rows'),
    verdict,
    expected: z.string(),
    actual: z.string(),
    evidence: z.array(z.string()).exactOptional(),
    recommendation: z.string().exactOptional(),
  })
  .meta({ id: 'Finding' });

export const service = z
  .object({
    name: z.enum(serviceNames),
    role: z.string(),
    instance: z.string().exactOptional().describe('Which of several of the same service and role'),
    implementation: z.string(),
    version: z.string(),
    image: z.string().exactOptional(),
    imageId: z.string().exactOptional(),
  })
  .meta({ id: 'Service' });

export const smokeLine = z
  .object({
    target: z.string().describe('Which instance was asked: steady-state, recovered, staging'),
    probe: z.string(),
    method: z.string(),
    path: z.string(),
    expected: z.string(),
    status: count.exactOptional(),
    requests: count,
    /** Greatest latency of a single request. */
    latencyMs: milliseconds,
    p50Ms: milliseconds,
    p95Ms: milliseconds,
    maxMs: milliseconds,
    limitMs: milliseconds,
    verdict: applicableVerdict,
    reason: z.string().exactOptional(),
  })
  .meta({ id: 'Smoke' });

export const rpoLine = z
  .object({
    store,
    measuredMs: milliseconds.exactOptional(),
    acknowledged: count,
    unanswered: count.exactOptional().describe('Sent until the fault was noticed and never acknowledged'),
    lostWrites: count.describe('Acknowledged and no longer usable, whichever store has lost its part of them'),
    lostFrom: z.array(z.object({ store, writes: count })).exactOptional(),
    targetMs: milliseconds,
    verdict: applicableVerdict,
    path: z.string(),
    scheduleAllowsMs: milliseconds.exactOptional(),
    markers: z
      .array(z.object({ atMs: milliseconds.describe('From the fault; negative before it'), survived: z.boolean() }))
      .exactOptional(),
  })
  .meta({ id: 'Rpo' });

export const control = z
  .object({
    name: z.string(),
    title: z.string(),
    expectedCheck: z.string(),
    expectedVerdict: applicableVerdict,
    caughtBy: z.string().exactOptional(),
    caught: z.boolean(),
    detail: z.string(),
    alsoRed: z.array(z.string()).exactOptional(),
    red: z.array(finding).exactOptional(),
    notApplicable: z.string().exactOptional(),
    inconclusive: z.string().exactOptional(),
  })
  .meta({ id: 'Control' });

export const step = z
  .object({
    id: z.string(),
    title: z.string(),
    phase: phase.exactOptional(),
    status: z.enum(['executed', 'failed', 'skipped', 'not-executed']),
    reason: z.string().exactOptional(),
    deviation: z.string().exactOptional(),
    budgetMs: milliseconds.exactOptional(),
    actualMs: milliseconds.exactOptional(),
    startedMs: milliseconds.exactOptional(),
    endedMs: milliseconds.exactOptional(),
    after: z.array(z.string()).exactOptional(),
    restores: z.string().exactOptional(),
    critical: z.boolean().exactOptional(),
  })
  .meta({ id: 'Step' });

export const recoveryPoint = z
  .object({
    store,
    source: z.enum(['backup', 'survived', 'rebuilt', 'versions']),
    detail: z.string(),
    coveredAt: instant.exactOptional(),
  })
  .meta({ id: 'RecoveryPoint' });

export const timelineEvent = z
  .object({
    sequence: count,
    at: instant,
    elapsedMs: milliseconds,
    phase,
    kind: z.enum(['start', 'ok', 'fail', 'skip', 'info']),
    message: z.string(),
    durationMs: milliseconds.exactOptional(),
    runbookStep: z.string().exactOptional(),
    data: z.record(z.string(), z.unknown()).exactOptional(),
  })
  .meta({ id: 'TimelineEvent' });

export const role = z
  .object({
    role: z.string(),
    responsibility: z.enum(['responsible', 'accountable', 'consulted', 'informed']),
    contact: z.string(),
  })
  .meta({ id: 'Role' });

export const contact = z
  .object({
    role: z.string(),
    primary: z.string(),
    secondary: z.string().exactOptional(),
    escalation: z.string().exactOptional(),
  })
  .meta({ id: 'Contact' });
