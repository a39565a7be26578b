import { z } from 'zod';
import { availability } from './availability-schema.ts';
import * as part from './record-parts-schema.ts';
import * as recovery from './record-recovery-schema.ts';

const runbook = z.object({
  name: z.string(),
  title: z.string(),
  version: z.string(),
  owner: z.string(),
  classification: z.string(),
  scenario: z.string(),
  file: z.string(),
  sha256: part.sha256,
});

const environment = z.object({
  firedrill: z.string(),
  node: z.string(),
  platform: z.string(),
  cpus: part.count,
  memoryBytes: part.count,
  gitRevision: z.string().exactOptional(),
  uncommittedFiles: z.array(z.string()).exactOptional(),
  sourceSha256: part.sha256.exactOptional(),
  schemaSha256: part.sha256.exactOptional(),
  dataOrigin: z.enum(['synthetic', 'backup']),
  seed: part.count,
  rows: part.count,
  rowUnit: z.string(),
  command: z.string(),
});

const scope = z.object({
  system: z.string(),
  scenario: z.string(),
  symptoms: z.array(z.string()),
  assumptions: z.array(z.string()),
  successCriteria: z.array(z.string()),
  maskedCopy: z.boolean().exactOptional(),
  criteriaSha256: part.sha256,
  objectives: z.array(
    z.object({ service: z.string(), title: z.string(), rtoMs: part.milliseconds, rpoMs: part.milliseconds }),
  ),
});

const backup = z.object({
  id: z.string(),
  coveredAt: part.instant,
  durationMs: part.milliseconds,
  sizeBytes: part.count,
  sha256: part.sha256,
  lsn: z.string(),
  compression: z.string(),
  serverVersion: z.string(),
  rows: part.count,
  ageAtFaultMs: part.milliseconds.exactOptional(),
});

const fault = z.object({
  name: z.string(),
  title: z.string(),
  injectedAt: part.instant,
  observed: z.array(z.string()),
  bitten: z.boolean(),
  detectedAt: part.instant.exactOptional(),
});

const rto = z.object({
  totalMs: part.milliseconds,
  targetMs: part.milliseconds,
  phases: z.partialRecord(part.recoveryPhase, part.milliseconds),
  fromFaultMs: part.milliseconds,
  restoreDurationMs: part.milliseconds.exactOptional(),
  verdict: part.applicableVerdict,
});

const masking = z.object({
  durationMs: part.milliseconds,
  rowsCopied: part.count,
  rowsScanned: part.count,
  columnsClassified: part.count,
  rules: z.object({
    keep: part.count,
    replace: part.count,
    redact: part.count,
    null: part.count,
    clear: part.count,
  }),
  largeObjects: z
    .object({
      objects: part.count,
      rule: z.union([
        z.object({ kind: z.literal('drop') }),
        z.object({ kind: z.literal('keep'), reason: z.string() }),
        z.object({ kind: z.literal('replace'), text: z.string() }),
      ]),
    })
    .exactOptional(),
  canariesPlanted: part.count,
  canariesFoundBefore: part.count,
  canariesFoundAfter: part.count,
  canariesByKind: z.record(z.string(), part.count),
  leaks: z.array(z.object({ detector: z.string(), place: z.string(), count: part.count })),
});

const waysOut = z.object({
  server: z.enum(['recovered', 'copy']),
  ways: z.array(
    z.object({
      kind: z.enum([
        'foreign-server',
        'user-mapping',
        'foreign-program',
        'subscription',
        'function',
        'trigger',
        'job',
        'setting',
      ]),
      name: z.string(),
      state: z.enum(['by-itself', 'when-used', 'closed']),
    }),
  ),
  notRefreshed: z.array(z.string()),
});

/** The shape of `drill.json`. What it gives is a `DrillRecord`; `drill.schema.json` is made from it. */
export const recordSchema = z
  .object({
    schemaVersion: z.literal(1),
    runId: z.string().min(1),
    sequence: part.count.exactOptional(),
    retainUntil: part.day.exactOptional(),
    previous: recovery.previousRun.exactOptional(),
    drill: z.string(),
    runbook,
    state: z
      .enum(['running', 'finished', 'interrupted', 'failed'])
      .describe('`running` in a file that nobody writes any more says that the run died'),
    verdict: part.applicableVerdict,
    startedAt: part.instant,
    finishedAt: part.instant.exactOptional(),
    durationMs: part.milliseconds,
    engine: part.engine,
    services: z.array(part.service),
    environment,
    scope,
    roles: z.array(part.role),
    contacts: z.array(part.contact),
    owed: z.object({ checks: z.array(z.string()), controls: z.array(z.string()) }).exactOptional(),
    sabotage: z.string().exactOptional(),
    quick: z.object({ reason: z.string(), leftOut: z.array(z.string()) }).exactOptional(),
    from: z.string().exactOptional(),
    chosenFault: z.string().exactOptional(),
    seed: z
      .object({ tables: z.record(z.string(), part.count), objects: part.count, documents: part.count })
      .exactOptional(),
    backup: backup.exactOptional(),
    backups: z.array(recovery.storeBackup).exactOptional(),
    backupSet: recovery.backupSet.exactOptional(),
    fault: fault.exactOptional(),
    recoveryPoints: z.array(part.recoveryPoint).exactOptional(),
    timeline: z.array(part.timelineEvent),
    steps: z.array(part.step),
    rto: rto.exactOptional(),
    rtoByService: z.array(recovery.serviceRto).exactOptional(),
    rpo: z.array(part.rpoLine),
    reconciliations: z.array(recovery.reconciliation).exactOptional(),
    repairs: z.array(recovery.repair).exactOptional(),
    comparison: recovery.comparison.exactOptional(),
    integrity: z.array(part.finding),
    masking: masking.exactOptional(),
    waysOut: z.array(waysOut).exactOptional(),
    smoke: z.array(part.smokeLine),
    sustained: z.array(recovery.sustainedSmoke).exactOptional(),
    availability: availability.exactOptional(),
    security: z.object({
      sessionsCleared: z.boolean().exactOptional(),
      credentialsReset: z.boolean().exactOptional(),
      notes: z.array(z.string()),
    }),
    controls: z.array(part.control),
    findings: z.array(part.finding).describe('All findings, the ones of the sections included'),
    memory: z
      .object({
        limitBytes: part.count,
        processes: z.array(z.object({ name: z.string(), peakBytes: part.count })),
      })
      .exactOptional(),
    cleanUp: z
      .object({ verdict: part.applicableVerdict, left: z.array(z.object({ kind: z.string(), name: z.string() })) })
      .exactOptional(),
    errors: z.array(
      z.object({ phase: part.phase, code: z.string(), message: z.string(), heldUp: z.string().exactOptional() }),
    ),
    limitations: z.array(z.string()),
    recommendations: z.array(z.string()),
    nextDrillAt: part.day,
  })
  .meta({ title: 'Firedrill: record of a drill', description: 'drill.json: every report is rendered from it alone' });
