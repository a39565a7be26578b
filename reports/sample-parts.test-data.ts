import type { Finding } from '../domain/finding.ts';
import type { ControlRecord, DrillRecord, SmokeRecord, StepRecord } from '../domain/record.ts';
import type { PhaseName, TimelineEvent } from '../domain/timeline.ts';

/** Start of every sample run. */
const startMs = Date.parse('2026-03-02T09:00:00.000Z');

/** ISO instant of the sample run, milliseconds after its start. */
export const at = (elapsedMs: number): string => new Date(startMs + elapsedMs).toISOString();

export const digestOf = (letter: string): string => letter.repeat(64);

const phases: [phase: PhaseName, title: string, startMs: number, endMs: number][] = [
  ['start', 'Start stores, API and worker', 120, 3_900],
  ['seed', 'Fill the system with 20,000 parcels', 3_900, 11_400],
  ['backup', 'Back up the database and verify the backup', 11_400, 15_800],
  ['steady-state', 'Steady state: every probe is green', 15_800, 17_200],
  ['fault', 'Destroy the database', 17_200, 17_900],
  ['detect', 'Detect the outage', 17_900, 18_310],
  ['decide', 'Decide to recover', 18_310, 18_360],
  ['provision', 'Provision a new database server', 18_360, 20_980],
  ['restore', 'Restore from the latest verified backup', 20_980, 26_420],
  ['verify', 'Verify content, roles and grants', 26_420, 29_100],
  ['resume', 'Reindex, restart, smoke', 29_100, 33_480],
  ['hand-over', 'Masked copy for staging', 33_480, 44_700],
  ['controls', 'Negative controls', 44_700, 58_200],
  ['clean-up', 'Clean up and prove it', 58_200, 60_400],
];

/** The events of the sample run until `elapsedMs`; the phase that is on by then has begun and not ended. */
export function timelineUntil(elapsedMs: number): TimelineEvent[] {
  const events = phases.flatMap(([phase, message, phaseStartMs, phaseEndMs]) => [
    { at: at(phaseStartMs), elapsedMs: phaseStartMs, phase, kind: 'start' as const, message },
    {
      at: at(phaseEndMs),
      elapsedMs: phaseEndMs,
      phase,
      kind: 'ok' as const,
      message,
      durationMs: phaseEndMs - phaseStartMs,
    },
  ]);
  return events
    .filter((event) => event.elapsedMs <= elapsedMs)
    .map((event, index) => Object.assign({ sequence: index + 1 }, event));
}

const probes: [name: string, method: string, path: string, expected: string, status: number, p50Ms: number][] = [
  ['health', 'GET', '/api/health', '200, JSON {"ok":true}', 200, 2.1],
  ['ready', 'GET', '/api/ready', '200, JSON {"checks.database":"<boolean>"}', 200, 9.4],
  ['metrics', 'GET', '/api/ops/samples', '200, at least 3 numeric values in "metrics"', 200, 31.7],
  ['report', 'GET', '/api/reports/overdue', '200, text/csv, CSV header id,due_at,state', 200, 118.2],
  ['sign without a token', 'POST', '/api/uploads/sign', '401', 401, 1.8],
  ['sign with a weak token', 'POST', '/api/uploads/sign', '403', 403, 2.6],
];

/** Green probes of one instance; a larger factor is a slower instance. */
export function smokeOf(target: string, factor: number): SmokeRecord[] {
  return probes.map(([probe, method, path, expected, status, p50Ms]) => {
    const maxMs = p50Ms * factor * 2.4;
    const common = { target, probe, method, path, expected, status, requests: 5, limitMs: 2_000 };
    return { ...common, latencyMs: maxMs, p50Ms: p50Ms * factor, p95Ms: maxMs, maxMs, verdict: 'pass' };
  });
}

export const integrity: Finding[] = [
  ['integrity.schema', 'the schema checksum of before the fault', 'the same'],
  ['integrity.rows', '4 tables, 81,204 rows', '4 tables, 81,204 rows'],
  ['integrity.content', 'the content digest of each of 4 tables', 'the same for all 4'],
  ['integrity.sequences', '3 sequences ahead of their columns', '3 ahead'],
  ['integrity.constraints', '14 constraints, all valid', '14, all valid'],
  ['integrity.grants', '22 grants of 3 roles', '22 grants of 3 roles'],
].map(([check = '', expected = '', actual = '']) => ({ check, verdict: 'pass', expected, actual }));

export const otherFindings: Finding[] = [
  ['backup.verified', 'a backup that decrypts and lists 4 tables', '4 tables listed'],
  ['fault.bites', 'no answer from the database, its data gone', 'connection refused, data folder gone'],
  ['search.content', '20,000 documents equal to their rows', '20,000 equal'],
  ['smoke.status', 'every request answered with its expected status', '0 of 30 requests otherwise'],
  ['smoke.latency', 'every single request under its limit of 2,000 ms', '0 of 30 requests over it, slowest 284 ms'],
  ['smoke.auth', 'every security probe answered as expected', '0 of 10 requests answered otherwise'],
  ['objectives.rto', 'at most 2h from detection to the last green smoke probe', '15.6s'],
  ['objectives.durations', 'every phase measured and above zero', '12 durations, all above zero'],
  ['objectives.rpo.postgres', 'at most 30m older than the fault', '6.1s older, 24 of 96 acknowledged writes lost'],
  ['masking.leaks', '0 canaries, 0 leaks in the masked copy', '0 canaries, 0 leaks'],
  ['staging.smoke.status', 'every request answered with its expected status', '0 of 30 requests otherwise'],
  ['controls', 'caught 8 of 8', 'caught 8 of 8'],
  ['memory', 'at most 400 MB', '212 MB'],
  ['clean-up', 'nothing of the run is left', 'nothing left'],
].map(([check = '', expected = '', actual = '']) => ({ check, verdict: 'pass', expected, actual }));

export const controls: ControlRecord[] = (
  [
    ['row-missing', 'One row is missing', 'integrity.rows', '81,203 rows instead of 81,204'],
    ['value-changed', 'One value was changed', 'integrity.content', 'one digest differs'],
    ['sequence-set-back', 'A sequence was set back', 'integrity.sequences', '1 sequence behind its column'],
    ['backup-truncated', 'The last tenth of the backup is missing', 'backup.verified', 'it does not decrypt'],
    ['masking-rule-off', 'One masking rule is off', 'masking.leaks', '1 canary found'],
    ['slow-endpoint', 'An endpoint answers after 2.5 s', 'smoke.latency', 'slowest 2,512 ms'],
    ['endpoint-without-auth', 'An endpoint lets everybody in', 'smoke.auth', '1 request let in'],
    ['inert-fault', 'The fault does nothing', 'fault.bites', 'the database still answers'],
  ] as const
).map(([name, title, expectedCheck, detail]) => ({
  name,
  title,
  expectedCheck,
  expectedVerdict: name === 'inert-fault' ? 'inconclusive' : 'fail',
  caughtBy: expectedCheck,
  caught: true,
  detail,
}));

export const steps: StepRecord[] = [
  { id: 'assess', title: 'Assess impact', phase: 'detect', status: 'executed', budgetMs: 300_000, actualMs: 410 },
  { id: 'stop', title: 'Stop applications', phase: 'decide', status: 'executed', budgetMs: 300_000, actualMs: 260 },
  {
    id: 'restore',
    title: 'Restore the database',
    phase: 'restore',
    status: 'executed',
    budgetMs: 3_600_000,
    actualMs: 8_060,
    deviation: 'The newest backup is chosen by its manifest, not by the order of a listing.',
  },
  {
    id: 'verify',
    title: 'Verify the restore',
    phase: 'verify',
    status: 'executed',
    budgetMs: 1_800_000,
    actualMs: 2_680,
  },
  {
    id: 'notify',
    title: 'Tell the stakeholders',
    status: 'not-executed',
    reason: 'A person does it: a drill sends no messages.',
    budgetMs: 600_000,
  },
  {
    id: 'restart',
    title: 'Restart applications',
    phase: 'resume',
    status: 'executed',
    budgetMs: 900_000,
    actualMs: 4_380,
  },
];

export const services: DrillRecord['services'] = [
  { name: 'postgres', role: 'production', implementation: 'PostgreSQL (local binary)', version: '15.14' },
  { name: 'postgres', role: 'recovered', implementation: 'PostgreSQL (local binary)', version: '15.14' },
  { name: 'objects', role: 'production', implementation: 'MinIO (local binary)', version: 'DEVELOPMENT.GOGET' },
  { name: 'backups', role: 'backups', implementation: 'MinIO (local binary)', version: 'DEVELOPMENT.GOGET' },
  { name: 'search', role: 'production', implementation: 'built-in stand-in for Meilisearch', version: '0.1.0' },
];

/** Writes every 250 ms around a fault; of those after the newest survivor all are lost, or none. */
export function markersAround(
  newestSurvivorMs: number,
  after: 'lost' | 'survived',
): { atMs: number; survived: boolean }[] {
  return Array.from({ length: 45 }, (_, index) => newestSurvivorMs + (index - 20) * 250).map((atMs) => ({
    atMs,
    survived: atMs <= newestSurvivorMs || after === 'survived',
  }));
}
