import type { LoadSample } from '../domain/availability.ts';
import type { Finding } from '../domain/finding.ts';
import type { ProbeSample } from '../domain/smoke.ts';
import type { TimelineEvent } from '../domain/timeline.ts';
import { judgeRestored, judgeSwitch } from './availability.ts';
import { judgeRecoveryClock, judgeWallClock } from './clocks.ts';
import { judgeComparison } from './comparison.ts';
import { judgeInstallation } from './installation.ts';
import { judgeRows } from './integrity-tables.ts';
import { judgeKept } from './masking-kept.ts';
import { judgeLeaks, judgeScanned } from './masking-scan.ts';
import { judgeMaskedRows } from './masking-structure.ts';
import { judgeCanariesAfter, judgeClassified, judgeMaskedColumns } from './masking.ts';
import { judgeMemory } from './memory.ts';
import { judgeVersionsRestored, judgeNewerKept } from './object-versions.ts';
import { judgeObjectsBackup, judgeObjectsBackupComplete, judgeObjectsIncrement } from './objects-backup.ts';
import { judgeLostBytes, judgeObjectRows, judgeObjects } from './objects.ts';
import { judgeRpo } from './objectives-rpo.ts';
import { judgeRto, judgeServiceTimes } from './objectives.ts';
import { judgeReconciliation } from './reconcile-judge.ts';
import { judgeResumption } from './resumption.ts';
import { judgeSmoke } from './smoke.ts';
import { judgeSustained } from './sustained.ts';

/** A judge with an observation that it passes, and the numbers in it that are told and not judged. */
export interface Judge {
  judge: (observation: never) => Finding | Finding[];
  good: object;
  told?: readonly string[];
}
const judgeOf = <Observation extends object>(
  judge: (observation: Observation) => Finding | Finding[],
  good: Observation,
  ...told: string[]
): Judge => ({ judge, good, told });

const probe = { name: 'a', method: 'GET' as const, path: '/a', expect: { status: [200] }, limitMs: 2_000, requests: 1 };
const answered = (latencyMs: number): ProbeSample => ({ latencyMs, status: 200, mismatches: [] });
const event = (sequence: number, elapsedMs: number, instant?: 'detected' | 'last-probe'): TimelineEvent => ({
  sequence,
  at: new Date(1_700_000_000_000 + elapsedMs).toISOString(),
  elapsedMs,
  phase: 'verify',
  kind: 'info',
  message: 'told',
  ...(instant && { data: { instant } }),
});
const load = [
  ...Array.from({ length: 30 }, (_, at): LoadSample => ({ atMs: at * 500, latencyMs: 10, probe: 'a', status: 200 })),
  { atMs: 5_100, latencyMs: 10, probe: 'a', status: 502, failure: 'bad gateway' },
];
const tables = (rows: number) => ({ tables: { members: { rows, digest: 'a' } } }) as never;
const none = { count: 0, first: [] };
const scan = { rowsScanned: 5, columnsScanned: 2, canariesFound: [], durationMs: 4 };
const extents = { members: { rows: 5, columns: 2 } };
const ackAt = new Date(1_700_000_000_000);

/** Judges whose observations hold numbers. */
export const judges: Record<string, Judge> = {
  judgeRto: judgeOf((one: Parameters<typeof judgeRto>[0]) => judgeRto(one).findings, {
    phases: { detect: 10, decide: 10, provision: 10, restore: 10, verify: 10, resume: 10 },
    totalMs: 60,
    targetMs: 100,
    fromFaultMs: 70,
    restoreDurationMs: 8,
    steps: [{ title: 'a step', actualMs: 5 }],
  }),
  judgeServiceTimes: judgeOf(
    (one: { times: Parameters<typeof judgeServiceTimes>[0] }) => judgeServiceTimes(one.times).findings,
    {
      times: [{ service: 'postgres', title: 'PostgreSQL', totalMs: 60, targetMs: 100 }],
    },
  ),
  judgeRpo: judgeOf(
    (one: { targetMs: number; sequence: number; survivor: number; faultMs: number }) =>
      judgeRpo({
        store: 'postgres',
        path: 'sql',
        acks: [{ sequence: one.sequence, acknowledgedAt: ackAt.toISOString() } as never],
        survivors: [one.survivor],
        faultAt: new Date(one.faultMs),
        targetMs: one.targetMs,
      }).finding,
    { targetMs: 1_000, sequence: 1, survivor: 1, faultMs: ackAt.getTime() + 500 },
  ),
  judgeSwitch: judgeOf(
    (one: Parameters<typeof judgeSwitch>[0]) => judgeSwitch(one).findings,
    {
      fault: 'a is killed',
      server: 'a',
      faultAtMs: 5_000,
      samples: load,
      watchedUntilMs: 15_000,
      quietMs: 3_000,
      budgetMs: 5_000,
      inRotation: ['b'],
      bucketMs: 1_000,
      outageLimitMs: 5_000,
      errorShareLimit: 0.05,
    },
    'status',
  ),
  judgeRestored: judgeOf(judgeRestored, { server: 'a', answers: { a: 3 }, inRotation: ['a'] }),
  judgeRecoveryClock: judgeOf(
    (one: { timeline: TimelineEvent[]; totalMs: number }) => judgeRecoveryClock(one.timeline, one.totalMs),
    {
      timeline: [event(1, 100, 'detected'), event(2, 5_100, 'last-probe')],
      totalMs: 5_000,
    },
    'sequence',
  ),
  judgeWallClock: judgeOf(
    (one: { timeline: TimelineEvent[] }) => judgeWallClock(one.timeline),
    {
      timeline: [event(1, 100), event(2, 5_100)],
    },
    'sequence',
  ),
  judgeComparison: judgeOf(judgeComparison as (one: object) => Finding, {
    title: 'two ways',
    ways: ['one', 'other'].map((name) => ({ name, durationMs: 10, verdict: 'pass', detail: '' })),
  }),
  judgeInstallation: judgeOf(judgeInstallation, { files: 3, differences: [], entries: ['a'], elsewhere: [] }),
  judgeRows: judgeOf((one: { before: number; now: number }) => judgeRows(tables(one.before), tables(one.now)), {
    before: 3,
    now: 3,
  }),
  judgeKept: judgeOf((one: { columns: Parameters<typeof judgeKept>[0] }) => judgeKept(one.columns), {
    columns: [{ place: 'a.b.c', values: 10, secrets: 0, proseTexts: 0 }],
  }),
  judgeLeaks: judgeOf(
    (one: { after: Parameters<typeof judgeLeaks>[0]; extents: typeof extents }) => judgeLeaks(one.after, one.extents),
    {
      after: { ...scan, read: extents, leaks: [] },
      extents,
    },
    'columnsScanned',
    'durationMs',
  ),
  judgeScanned: judgeOf(
    (one: { read: typeof extents; extents: typeof extents }) => judgeScanned([{ name: 'copy', ...one }]),
    { read: extents, extents },
  ),
  judgeMaskedRows: judgeOf(
    (one: Record<'source' | 'masked', Record<string, number>>) => judgeMaskedRows(one.source, one.masked, ['sessions']),
    {
      source: { members: 3, sessions: 2 },
      masked: { members: 3, sessions: 0 },
    },
    'source.sessions',
  ),
  judgeCanariesAfter: judgeOf(
    (one: { rowsScanned: number }) =>
      judgeCanariesAfter([{ id: 1, value: 'a', kind: 'column', place: 'b' }], { ...scan, ...one, read: {}, leaks: [] }),
    { rowsScanned: 5 },
  ),
  judgeClassified: judgeOf(judgeClassified, { columns: 3, problems: [] }),
  judgeMaskedColumns: judgeOf(
    (one: { columns: Parameters<typeof judgeMaskedColumns>[0] }) => judgeMaskedColumns(one.columns),
    {
      columns: [{ place: 'a.b.c', rule: 'null', rows: 3, violations: 0 }],
    },
    'rows',
  ),
  judgeMemory: judgeOf(
    (one: { peakBytes: number; limitBytes: number }) =>
      judgeMemory([{ name: 'a', peakBytes: one.peakBytes }], one.limitBytes),
    { peakBytes: 10, limitBytes: 100 },
  ),
  judgeVersionsRestored: judgeOf(judgeVersionsRestored, { damaged: 6, copied: 3, undeleted: 2, kept: 1, lost: [] }),
  judgeNewerKept: judgeOf(judgeNewerKept, { newer: 2, changed: [] }),
  judgeObjectsBackup: judgeOf(
    judgeObjectsBackup,
    { objects: 3, sizeBytes: 30, contents: 2, unrestorable: [] },
    'sizeBytes',
  ),
  judgeObjectsBackupComplete: judgeOf(judgeObjectsBackupComplete, { objects: 3, skipped: [], rows: 2, notCovered: [] }),
  judgeObjectsIncrement: judgeOf(judgeObjectsIncrement, {
    objects: 10,
    unchanged: 8,
    objectsRead: 2,
    contentsWritten: 1,
  }),
  judgeObjects: judgeOf(
    judgeObjects,
    {
      objects: 2,
      sizeBytes: 3,
      missing: [],
      changed: [],
      properties: [],
      propertiesCompared: 2,
      buckets: 1,
      bucketDifferences: [],
    },
    'sizeBytes',
  ),
  judgeObjectRows: judgeOf(judgeObjectRows, { rows: 2, compared: 2, differing: [], younger: 0 }, 'rows', 'younger'),
  judgeLostBytes: judgeOf(judgeLostBytes, { lostObjects: 0, lostBytes: 0, bytesRestored: 4, names: [] }),
  judgeReconciliation: judgeOf(
    (one: object) => judgeReconciliation([one as never], {}, ['objects']),
    {
      pair: ['postgres', 'objects'],
      rows: 2,
      items: 2,
      compared: 2,
      differences: { dangling: none, orphan: none, stale: none, uncompared: none },
    },
    'rows',
    'items',
  ),
  judgeResumption: judgeOf(judgeResumption, {
    writes: [{ store: 'postgres', path: 'sql' }],
    heartbeat: { ageMs: 20, sinceMs: 500 },
  }),
  judgeSmoke: judgeOf(
    (one: { samples: ProbeSample[]; limitMs: number }) =>
      judgeSmoke([{ probe: { ...probe, limitMs: one.limitMs }, samples: one.samples }]),
    {
      samples: [answered(20), answered(30)],
      limitMs: 2_000,
    },
  ),
  judgeSustained: judgeOf(
    (one: { samples: ProbeSample[]; limitMs: number; requests: number; perSecond: number }) =>
      judgeSustained([{ ...one, probe: { ...probe, limitMs: one.limitMs } }]).finding,
    {
      samples: [answered(20), answered(30)],
      limitMs: 2_000,
      requests: 2,
      perSecond: 10,
    },
    'perSecond',
    'status',
  ),
};
