import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { ProbeObservation } from '../../domain/smoke.ts';
import type { TimelineEvent } from '../../domain/timeline.ts';
import { observeKept } from '../../masking/kept.ts';
import { readColumns } from '../../masking/policy.ts';
import type { DrillContext } from '../context.ts';
import { cleanUp } from './finish.ts';
import { leakScan } from './hand-over.ts';
import { observeMaskedCopy } from './leaks.ts';
import { objectives } from './objectives.ts';
import { policyComplete } from './policy.ts';
import { askProbes } from './probes.ts';
import { smokeAfterRecovery } from './recovered.ts';
import { contextOf, server, verdictsOf, type Course } from './places-of-call.test-data.ts';
import { probesGreen } from './steady-state.ts';

/** Every step here is the drill's own; what it asks is answered here, and what it judges of the answers is looked at. */
vi.mock('../ways-out.ts', () => ({ recordWaysOut: async () => ({ ways: [], notRefreshed: [] }) }));
vi.mock('../../masking/kept.ts', () => ({ observeKept: vi.fn() }));
vi.mock('../../masking/policy.ts', async (original) => ({ ...(await original<object>()), readColumns: vi.fn() }));
vi.mock('../../stack/clients.ts', async (original) => ({
  ...(await original<object>()),
  withPostgres: async (_connection: unknown, work: (client: unknown) => unknown) =>
    work({ query: async () => ({ rows: [] }) }),
}));
vi.mock('./leaks.ts', () => ({ observeMaskedCopy: vi.fn() }));
vi.mock('./probes.ts', () => ({ askProbes: vi.fn() }));

let course: Course = { judged: [], order: [] };
beforeEach(() => {
  course = { judged: [], order: [] };
});
const context = (parts: Record<string, unknown>): DrillContext => contextOf(course, parts);
const verdicts = (): Record<string, string> => verdictsOf(course);

function answered(status: number): ProbeObservation[] {
  const mismatches = status === 200 ? [] : [`status is ${status}`];
  const expect = { status: [200] };
  const probe = { name: 'p', method: 'GET' as const, path: '/', expect, limitMs: 500, requests: 1 };
  return [{ probe, samples: [{ latencyMs: 5, status, mismatches }] }];
}

describe('smoke', () => {
  const recorder = { phases: { freeze: () => course.order.push('the clock is stopped') } };
  const asked = (status: number): void => {
    vi.mocked(askProbes).mockImplementation(async () => {
      course.order.push('asked');
      return answered(status);
    });
  };

  test('of the recovered system is judged, and the clock is stopped once its last answer is there', async () => {
    asked(500);
    await smokeAfterRecovery.execute(context({ recorder }));
    expect(verdicts()).toMatchObject({ 'smoke.status': 'fail', 'smoke.latency': 'pass' });
    expect(course.order).toEqual(['asked', 'the clock is stopped', 'judged']);
  });

  test('of before the fault is judged; a system that is not healthy then ends the drill', async () => {
    asked(200);
    await probesGreen.execute(context({}));
    expect(verdicts()).toMatchObject({ 'steady-state.smoke.status': 'pass' });
    asked(500);
    await expect(probesGreen.execute(context({}))).rejects.toThrow('not healthy before the fault');
    expect(verdicts()).toMatchObject({ 'steady-state.smoke.status': 'inconclusive' });
  });
});

describe('objectives', () => {
  const event = (sequence: number, elapsedMs: number, instant: string): TimelineEvent => ({
    sequence,
    elapsedMs,
    at: '2026-03-01T10:00:00Z',
    phase: 'resume',
    kind: 'info',
    message: instant,
    data: { instant },
  });
  const play = async ({
    rtoMs = 10_000,
    lastProbeMs = 6_000,
    survivors = [1],
    elsewhere = [1],
    acknowledged = [10_000],
  }) => {
    const channel = {
      store: 'postgres',
      path: 'POST /x',
      survivors: async () => survivors,
      elsewhere: [{ store: 'objects', survivors: async () => elsewhere }],
    };
    const given = context({
      // A store is judged by the objective of the service that stands for it, whatever that is called.
      runbook: {
        services: { ledger: { title: 'Ledger', store: 'postgres', objective: { rtoMs, rpoMs: 60_000 } } },
        objective: { rtoMs, rpoMs: 3_600_000 },
      },
      scenario: { service: 'everything', steps: [] },
      system: { markerChannels: () => [channel] },
      recorder: {
        phases: { totalMs: () => 5_000, phases: () => ({ detect: 1_000, resume: 4_000 }), endedMs: () => 106_000 },
        timeline: {
          events: [event(1, 1_000, 'detected'), event(2, lastProbeMs, 'last-probe')],
          elapsedAt: (ms: number) => ms,
        },
      },
      state: {
        fault: { injectedAt: new Date('2026-03-01T10:00:10Z'), injectedMs: 100_500, detectedMs: 101_000 },
        markers: {
          acks: acknowledged.map((beforeFaultMs, at) => ({
            store: 'postgres',
            sequence: at + 1,
            acknowledgedAt: new Date(Date.parse('2026-03-01T10:00:10Z') - beforeFaultMs).toISOString(),
          })),
          channels: [channel],
          unanswered: () => 2,
        },
        recoveryPoints: {},
      },
    });
    await objectives.execute(given);
    return verdicts();
  };

  test('are judged where they are computed: green', async () => {
    expect(await play({})).toEqual({
      'objectives.rto': 'pass',
      'objectives.durations': 'pass',
      'objectives.clock': 'pass',
      'objectives.rpo.postgres': 'pass',
    });
  });

  test('the RTO, the clock and the RPO each turn red by themselves', async () => {
    expect(await play({ rtoMs: 1_000 })).toMatchObject({ 'objectives.rto': 'fail', 'objectives.clock': 'pass' });
    expect(await play({ lastProbeMs: 9_000 })).toMatchObject({ 'objectives.rto': 'pass', 'objectives.clock': 'fail' });
    expect(await play({ survivors: [] })).toMatchObject({ 'objectives.rpo.postgres': 'fail' });
    expect(await play({ elsewhere: [] })).toMatchObject({ 'objectives.rpo.postgres': 'fail' });
  });

  test('a store is judged by its own service, not by the objective of the whole', async () => {
    const lostBy = (beforeFaultMs: number): ReturnType<typeof play> =>
      play({ acknowledged: [beforeFaultMs, 1_000], elsewhere: [1, 2] });
    expect(await lostBy(50_000)).toMatchObject({ 'objectives.rpo.postgres': 'pass' });
    expect(await lostBy(70_000)).toMatchObject({ 'objectives.rpo.postgres': 'fail' });
  });
});

test('what the leak scan finds in the copy is judged, and not only recorded', async () => {
  const extents = { 'public.t': { rows: 2, columns: 1 } };
  const scan = { rowsScanned: 2, columnsScanned: 1, read: extents, canariesFound: [], leaks: [], durationMs: 1 };
  const canaries = [{ id: 1, value: 'x', kind: 'column', place: 'public.t.c' }];
  const rows = { 'public.t': 2 };
  const structure = { constraints: ['c [valid]'], indexes: [], rows };
  vi.mocked(observeMaskedCopy).mockResolvedValue({
    classified: { columns: 1, problems: [] },
    canaries,
    scanner: { owed: [], leaks: [] },
    before: { ...scan, canariesFound: [1] },
    after: { ...scan, leaks: [{ detector: 'email', place: 'public.t.c', count: 2 }] },
    extents: { before: extents, after: extents },
    source: structure,
    masked: structure,
    cleared: [],
    columns: [],
    rolePasswords: [],
  } as unknown as Awaited<ReturnType<typeof observeMaskedCopy>>);
  const statistics = { columnsClassified: 1, rules: {} };
  const given = context({
    runbook: { masking: { tables: {} } },
    record: { security: { notes: [] } },
    state: { masked: { durationMs: 1, rowsLoaded: 2, notRefreshed: [], statistics }, staging: { postgres: server } },
  });
  await leakScan.execute(given);
  expect(verdicts()).toMatchObject({
    'masking.leaks': 'fail',
    'masking.canaries-before': 'pass',
    'masking.scanner': 'inconclusive',
    'masking.ways-out': 'pass',
  });
  expect(given.record.masking?.leaks).toHaveLength(1);
});

test('a policy that keeps secrets ends the drill before anything is broken', async () => {
  const columns = [
    { schema: 's', table: 't', column: 'password_hash', type: 'text', baseType: 'text', notNull: false },
  ];
  vi.mocked(readColumns).mockResolvedValue(columns);
  vi.mocked(observeKept).mockResolvedValue([
    { place: 's.t.password_hash', byName: 'secret', values: 3, secrets: 3, proseTexts: 0 },
  ]);
  const masking = { tables: { 's.t': { columns: { password_hash: { kind: 'keep' } } } } };
  const given = context({ runbook: { masking }, record: { runbook: { file: 'runbook.yaml' } } });
  await expect(policyComplete.execute(given)).rejects.toThrow('keeps what looks like secrets');
  expect(verdicts()).toEqual({ 'masking.classified': 'pass', 'masking.kept': 'fail' });
});

test('what is left after the clean-up is judged, and so is the wall clock', async () => {
  const residue = async () => [{ kind: 'process', name: '42' }];
  await cleanUp.execute(context({ state: { stack: { close: async () => {}, residue } } }));
  expect(verdicts()).toEqual({ 'clock.wall': 'inconclusive', 'clean-up': 'fail' });
});
