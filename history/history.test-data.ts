import type { PeriodRun } from '../evidence/ledger-period.ts';
import { abortedRun, figures, openRun, run } from '../quarterly/quarter.test-data.ts';
import type { HistoryInputs, ProofFacts } from './inputs.ts';

const sha256 = 'b'.repeat(64);
export const schemaSha256 = 'a'.repeat(64);

/** The record of a green run that brought two stores back on local processes. */
export function proof(changes: Partial<ProofFacts> = {}): ProofFacts {
  const version = { implementation: 'local binary', version: '1.0' };
  return {
    sources: { postgres: 'backup', objects: 'survived', search: 'rebuilt' },
    versions: { postgres: version, objects: version, search: version },
    schemaSha256,
    ...changes,
  };
}

/** A runbook with two scenarios and their drills, looked at on 10 April 2026, with the runs. */
export function inputsOf(runs: PeriodRun[], changes: Partial<HistoryInputs> = {}): HistoryInputs {
  return {
    now: new Date('2026-04-10T08:00:00.000Z'),
    firedrill: '0.1.0',
    drills: [
      { name: 'db-loss', runbook: 'parcels', scenario: 'database-loss' },
      { name: 'search-loss', runbook: 'parcels', scenario: 'search-loss' },
    ],
    runbooks: [
      {
        name: 'parcels',
        sha256,
        schemaSha256,
        cadence: { frequency: 'monthly' },
        scenarios: { 'database-loss': { drill: 'db-loss' }, 'search-loss': { drill: 'search-loss' } },
      },
    ],
    images: { postgres: 'postgres:15.18@sha256:1', objects: 'minio:1', search: 'meilisearch:1' },
    runs,
    beganAt: '2026-01-05T00:00:00.000Z',
    head: { index: 9, runs: runs.length, sha256: 'e'.repeat(64) },
    problems: [],
    proofs: new Map(),
    missing: [],
    ...changes,
  };
}

/** Runs of every kind: green, failed, sabotaged, aborted, interrupted, without an end, over the objective, nothing left. */
export function everyKind(): HistoryInputs {
  const missed = figures({ rtoMs: 9_000_000, rpo: [{ store: 'postgres', targetMs: 1_800_000, verdict: 'fail' }] });
  const runs = [
    run(1, '2026-01-05T02:00Z'),
    run(2, '2026-01-20T02:00Z', { verdict: 'fail', figures: missed }),
    run(3, '2026-02-05T02:00Z', { figures: figures({ rtoMs: 12_000 }) }),
    abortedRun(4, '2026-02-07T02:00Z'),
    run(5, '2026-02-07T03:00Z', { figures: figures({ sabotage: 'row-missing' }), verdict: 'fail' }),
    run(6, '2026-03-05T02:00Z', {}, { drill: 'search-loss', scenario: 'search-loss' }),
    run(7, '2026-03-07T02:00Z', { figures: figures({ rtoMs: 20_000 }) }),
    run(8, '2026-03-20T02:00Z', { state: 'interrupted', verdict: 'inconclusive', reason: 'by a signal' }),
    run(9, '2026-03-28T02:00Z', { verdict: 'fail' }, { drill: 'search-loss', scenario: 'search-loss' }),
    openRun(10, '2026-04-10T07:00Z'),
  ];
  return inputsOf(runs, {
    proofs: new Map([
      [6, proof({ schemaSha256: 'f'.repeat(64) })],
      [7, proof()],
    ]),
    missing: [{ run: 3, folder: '../runs/3', why: 'there is no drill.json in its folder' }],
  });
}
