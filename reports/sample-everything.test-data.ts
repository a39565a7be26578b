import type { Finding } from '../domain/finding.ts';
import type { DrillRecord, StepRecord } from '../domain/record.ts';
import type { PhaseName, TimelineEvent } from '../domain/timeline.ts';
import { at, timelineUntil } from './sample-parts.test-data.ts';
import { passing } from './sample-passing.test-data.ts';

const setId = 'set-20260302-090011-5b1e';

const graph: [id: string, title: string, phase: PhaseName, fromMs: number, toMs: number, part: Partial<StepRecord>][] =
  [
    ['assess', 'Assess impact', 'detect', 17_900, 18_310, { budgetMs: 300_000, critical: true }],
    [
      'restore-database',
      'Provision a database server and restore the newest backup',
      'provision',
      18_310,
      26_420,
      { after: ['assess'], restores: 'database', budgetMs: 3_600_000, critical: true },
    ],
    [
      'restore-objects',
      'Restore all buckets from the backup of objects',
      'restore',
      18_320,
      22_940,
      { after: ['assess'], restores: 'storage', budgetMs: 3_600_000 },
    ],
    [
      'install-application',
      'Install the application from a clean copy of its source',
      'provision',
      18_330,
      19_770,
      { after: ['assess'], budgetMs: 1_800_000 },
    ],
    [
      'restore-search',
      'Import the search dump at the start of a new server',
      'restore',
      18_340,
      20_110,
      { after: ['assess'], restores: 'search', budgetMs: 1_800_000 },
    ],
    [
      'catch-up-search',
      'Reindex what changed since the dump',
      'verify',
      26_420,
      28_050,
      { after: ['restore-database', 'restore-search'], budgetMs: 900_000 },
    ],
    [
      'start-application',
      'Start the application on the new stores and switch the address',
      'resume',
      28_050,
      31_980,
      { after: ['catch-up-search', 'restore-objects', 'install-application'], budgetMs: 900_000 },
    ],
  ];

const steps: StepRecord[] = [
  ...graph.map(([id, title, phase, startedMs, endedMs, part]): StepRecord => ({
    id,
    title,
    phase,
    status: 'executed',
    startedMs,
    endedMs,
    actualMs: endedMs - startedMs,
    ...(['catch-up-search', 'start-application'].includes(id) && { critical: true }),
    ...part,
  })),
  {
    id: 'notify',
    title: 'Tell the stakeholders',
    status: 'not-executed',
    reason: 'A person does it: a drill sends no messages.',
    after: ['assess'],
  },
];

/** The events of steps that overlap, in the order of their instants. */
function timeline(): TimelineEvent[] {
  const around = timelineUntil(60_400).filter(({ elapsedMs }) => elapsedMs <= 17_900 || elapsedMs >= 33_480);
  const side = graph.flatMap(([id, message, phase, fromMs, toMs]) => [
    { at: at(fromMs), elapsedMs: fromMs, phase, kind: 'start' as const, message, runbookStep: id },
    { at: at(toMs), elapsedMs: toMs, phase, kind: 'ok' as const, message, durationMs: toMs - fromMs, runbookStep: id },
  ]);
  return [...around.map(({ sequence: _sequence, ...event }) => event), ...side]
    .toSorted((one, other) => one.elapsedMs - other.elapsedMs)
    .map((event, index) => Object.assign({ sequence: index + 1 }, event));
}

const findings: Finding[] = [
  ['backup-set', 'one set of postgres, objects, search, at most 30s apart', `set ${setId}, 1.4s apart`],
  ['reconciliation.objects', 'rows in postgres and content in objects agree both ways', '321 rows and 321 objects'],
  [
    'reconciliation.search',
    'rows in postgres and content in search agree both ways',
    '20,000 rows and 20,000 documents',
  ],
  ['smoke.sustained', 'every request of 600 answered as expected and under its limit', '0 of 600 requests otherwise'],
].map(([check = '', expected = '', actual = '']) => ({ check, verdict: 'pass', expected, actual }));

/** Everything was lost at once and came back side by side: every part of the record that `passing` has not is filled. */
export function everything(): DrillRecord {
  const { backup: _backup, ...base } = passing();
  return {
    ...base,
    runId: 'full-loss-20260302-090000-3f9c',
    drill: 'full-loss',
    from: 'dump',
    fault: { ...base.fault!, name: 'destroy-everything', title: 'Every server is killed and its data deleted' },
    timeline: timeline(),
    steps,
    ...backups(),
    rto: {
      totalMs: 15_580,
      targetMs: 14_400_000,
      phases: { detect: 410, provision: 2_620, restore: 5_490, verify: 1_630, resume: 5_430 },
      fromFaultMs: 16_280,
      restoreDurationMs: 5_210,
      verdict: 'pass',
    },
    rtoByService: [
      { service: 'database', title: 'Database', totalMs: 8_520, targetMs: 7_200_000, verdict: 'pass' },
      { service: 'storage', title: 'Object storage', totalMs: 5_040, targetMs: 3_600_000, verdict: 'pass' },
      { service: 'search', title: 'Search', totalMs: 2_210, targetMs: 1_800_000, verdict: 'pass' },
    ],
    ...reconciled(),
    comparison: {
      title: 'Ways to bring the search back',
      ways: [
        way('dump', 'Import of the newest dump', 1_770, 'imported by a new server at its start', true),
        way('snapshot', 'Snapshot', 940, 'data folder taken over by a new server', false),
        way('reindex', 'Reindex from the database', 6_320, '20,000 documents made anew', false),
      ],
    },
    sustained: [
      { probe: 'health', p50Ms: 1.2, p95Ms: 2.9, p99Ms: 4.4, maxMs: 7.3, firstMs: 3.1, ...rate },
      { probe: 'metrics', p50Ms: 4.9, p95Ms: 22.8, p99Ms: 61.2, maxMs: 88.1, firstMs: 412.6, ...rate },
      { probe: 'sign without a token', p50Ms: 0.9, p95Ms: 1.8, p99Ms: 2.4, maxMs: 4.1, firstMs: 1.4, ...rate },
    ],
    findings: [...base.findings, ...findings],
  };
}

const rate = { requests: 200, perSecond: 100, errors: 0, limitMs: 2_000, overLimitShare: 0, verdict: 'pass' as const };

function backups(): Pick<DrillRecord, 'backups' | 'backupSet' | 'recoveryPoints'> {
  const [objects, database, search] = [11_200, 11_600, 12_600].map(at) as [string, string, string];
  return {
    backups: [
      {
        store: 'objects',
        kind: 'objects',
        id: 'objects-20260302-090011',
        setId,
        coveredAt: objects,
        durationMs: 2_210,
        sizeBytes: 5_242_880,
        items: 320,
        itemUnit: 'objects',
        ageAtFaultMs: 6_000,
      },
      {
        store: 'postgres',
        kind: 'database dump',
        id: '01J8Y2-9F3C',
        setId,
        coveredAt: database,
        durationMs: 3_140,
        sizeBytes: 4_812_330,
        items: 81_204,
        itemUnit: 'rows',
        ageAtFaultMs: 5_600,
      },
      {
        store: 'search',
        kind: 'search dump',
        id: 'dump-20260302-090012',
        setId,
        coveredAt: search,
        durationMs: 880,
        sizeBytes: 1_310_720,
        items: 20_000,
        itemUnit: 'documents',
        ageAtFaultMs: 4_600,
      },
    ],
    backupSet: {
      id: setId,
      skewMs: 1_400,
      oldest: { store: 'objects', coveredAt: objects },
      newest: { store: 'search', coveredAt: search },
    },
    recoveryPoints: [
      { store: 'postgres', source: 'backup', detail: 'backup 01J8Y2-9F3C', coveredAt: database },
      { store: 'objects', source: 'backup', detail: 'backup objects-20260302-090011', coveredAt: objects },
      { store: 'search', source: 'backup', detail: 'backup dump-20260302-090012', coveredAt: search },
    ],
  };
}

function reconciled(): Pick<DrillRecord, 'reconciliations' | 'repairs'> {
  return {
    reconciliations: [
      {
        store: 'objects',
        scope: 'scans',
        moment: 'recovered',
        rows: 321,
        items: 323,
        compared: 321,
        differences: [{ kind: 'orphan', count: 2, keys: ['2026/03/late-1.tif', '2026/03/late-2.tif'] }],
        verdict: 'fail',
      },
      {
        store: 'search',
        scope: 'parcels',
        moment: 'recovered',
        rows: 20_000,
        items: 19_996,
        compared: 19_995,
        differences: [
          { kind: 'dangling', count: 1, keys: ['20017'] },
          { kind: 'orphan', count: 5, keys: ['19996', '19997', '19998'] },
          { kind: 'stale', count: 12, keys: ['4', '17', '203'] },
        ],
        verdict: 'fail',
      },
      { store: 'objects', scope: 'scans', moment: 'repaired', ...equal(321) },
      { store: 'search', scope: 'parcels', moment: 'repaired', ...equal(20_000) },
    ],
    repairs: [
      { store: 'objects', what: 'objects without a row moved to the bucket quarantine', count: 2 },
      { store: 'search', what: 'documents indexed again from the database', count: 20_000 },
      { store: 'search', what: 'documents without a row removed', count: 1 },
    ],
  };
}

function equal(count: number) {
  return { rows: count, items: count, compared: count, differences: [], verdict: 'pass' as const };
}

function way(name: string, title: string, durationMs: number, detail: string, chosen: boolean) {
  return { name, title, durationMs, detail, chosen, verdict: 'pass' as const };
}
