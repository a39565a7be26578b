import { z } from 'zod';
import { differenceKinds, reconciledStores } from '../domain/reconciliation.ts';
import {
  count,
  instant,
  milliseconds,
  recoveryPhase,
  store,
  verdict,
  applicableVerdict,
} from './record-parts-schema.ts';

const reconciledStore = z.enum(reconciledStores);

export const storeBackup = z
  .object({
    store,
    kind: z.string().describe('database dump, objects, search dump or search snapshot'),
    id: z.string(),
    setId: z.string().exactOptional(),
    coveredAt: instant,
    durationMs: milliseconds,
    sizeBytes: count,
    items: count,
    itemUnit: z.string(),
    ageAtFaultMs: milliseconds.exactOptional(),
    earlier: z.literal(true).exactOptional().describe('a newer one of the store was taken after it'),
  })
  .meta({ id: 'StoreBackup' });

const covered = z.object({ store, coveredAt: instant });

export const backupSet = z
  .object({ id: z.string(), skewMs: milliseconds, oldest: covered, newest: covered })
  .meta({ id: 'BackupSet' });

export const reconciliation = z
  .object({
    store: reconciledStore,
    scope: z.string().exactOptional(),
    moment: z.enum(['recovered', 'repaired']),
    rows: count,
    items: count,
    compared: count,
    lostWithPoint: count.exactOptional(),
    differences: z.array(z.object({ kind: z.enum(differenceKinds), count, keys: z.array(z.string()) })),
    verdict,
  })
  .meta({ id: 'Reconciliation' });

export const repair = z.object({ store: reconciledStore, what: z.string(), count }).meta({ id: 'Repair' });

export const serviceRto = z
  .object({
    service: z.string(),
    title: z.string(),
    totalMs: milliseconds,
    targetMs: milliseconds,
    verdict: applicableVerdict,
  })
  .meta({ id: 'ServiceRto' });

export const sustainedSmoke = z
  .object({
    probe: z.string(),
    requests: count,
    perSecond: z.number().positive(),
    errors: count,
    firstMs: milliseconds.describe('The first request, which is not in the percentiles'),
    p50Ms: milliseconds,
    p95Ms: milliseconds,
    p99Ms: milliseconds,
    maxMs: milliseconds,
    limitMs: milliseconds,
    overLimitShare: z.number().min(0).max(1),
    verdict: applicableVerdict,
  })
  .meta({ id: 'SustainedSmoke' });

export const comparison = z
  .object({
    title: z.string(),
    ways: z.array(
      z.object({
        name: z.string(),
        title: z.string(),
        durationMs: milliseconds,
        detail: z.string(),
        chosen: z.boolean(),
        verdict: applicableVerdict,
      }),
    ),
  })
  .meta({ id: 'Comparison' });

export const previousRun = z
  .object({
    runId: z.string(),
    verdict: applicableVerdict,
    startedAt: instant,
    durationMs: milliseconds,
    rtoMs: milliseconds.exactOptional(),
    phases: z.partialRecord(recoveryPhase, milliseconds).exactOptional(),
    rpo: z.array(z.object({ store, measuredMs: milliseconds.exactOptional(), lostWrites: count })).exactOptional(),
  })
  .meta({ id: 'PreviousRun' });
