import type { LedgerEnd, RunFigures } from '../domain/ledger.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import { emptyRegister, type RegisteredFinding } from './findings.ts';
import type { PlannedDrill, QuarterInputs, RecordFacts } from './inputs.ts';

const sha256 = 'b'.repeat(64);

/** A drill of a runbook that asks for one a month. */
export function planned(changes: Partial<PlannedDrill> = {}): PlannedDrill {
  return {
    runbook: 'parcels',
    scenario: 'database-loss',
    drill: 'db-loss',
    frequency: 'monthly',
    owner: 'Operations',
    runbookSha256: sha256,
    accountable: ['Platform owner'],
    exists: true,
    ...changes,
  };
}

/** Figures of a run that met its objectives. */
export function figures(changes: Partial<RunFigures> = {}): RunFigures {
  return {
    durationMs: 60_000,
    rtoMs: 15_000,
    rtoTargetMs: 7_200_000,
    rpo: [{ store: 'postgres', measuredMs: 6_000, targetMs: 1_800_000, verdict: 'pass' }],
    controls: { planned: 8, caught: 8 },
    criteriaSha256: 'c'.repeat(64),
    ...changes,
  };
}

/** A run as the ledger tells of it, green unless `end` says otherwise. */
export function run(
  number: number,
  startedAt: string,
  end: Partial<LedgerEnd> = {},
  changes: Partial<PeriodRun['run']> = {},
): PeriodRun {
  const at = new Date(startedAt).toISOString();
  return {
    run: {
      number,
      runId: `db-loss-${number}`,
      drill: 'db-loss',
      scenario: 'database-loss',
      runbook: { name: 'parcels', version: '1.0', sha256 },
      engine: 'native',
      startedAt: at,
      folder: `../runs/${number}`,
      ...changes,
    },
    end: { state: 'finished', verdict: 'pass', finishedAt: at, figures: figures(), ...end },
  };
}

/** A run that nobody has closed. */
export function openRun(number: number, startedAt: string): PeriodRun {
  const { run: begun } = run(number, startedAt);
  return { run: begun };
}

/** A run whose process died. */
export function abortedRun(number: number, startedAt: string): PeriodRun {
  const { run: begun } = run(number, startedAt);
  const reason = 'process 77 on host ended without closing the run';
  return { run: begun, end: { state: 'aborted', verdict: 'inconclusive', reason } };
}

/** The facts of a green run that brought every store back. */
export function facts(changes: Partial<RecordFacts> = {}): RecordFacts {
  return {
    setting: { engine: 'native', rows: 20_000, gitRevision: 'a'.repeat(40) },
    maskedCopy: true,
    retainUntil: '2033-03-02',
    recoveryPoints: [
      { store: 'postgres', source: 'backup', detail: 'backup 1' },
      { store: 'objects', source: 'versions', detail: 'versions' },
      { store: 'search', source: 'rebuilt', detail: 'reindexed' },
    ],
    masking: {
      durationMs: 6_900,
      rowsCopied: 81_200,
      rowsScanned: 81_200,
      columnsClassified: 38,
      rules: { keep: 24, replace: 6, redact: 5, null: 3, clear: 1 },
      canariesPlanted: 25,
      canariesFoundBefore: 25,
      canariesFoundAfter: 0,
      canariesByKind: { column: 25 },
      leaks: [],
    },
    credentialsReset: true,
    missedControls: [],
    red: [],
    ...changes,
  };
}

/** The facts of a run in which a check turned red. */
export function redFacts(check = 'integrity.rows', changes: Partial<RecordFacts> = {}): RecordFacts {
  return facts({ red: [{ check, expected: '20,000 rows', actual: '19,999 rows' }], ...changes });
}

/** A finding of run 1. */
export function finding(changes: Partial<RegisteredFinding> = {}): RegisteredFinding {
  return {
    id: 'F-0001',
    drill: 'db-loss',
    check: 'integrity.rows',
    what: 'expected 20,000 rows, actual 19,999 rows',
    opened: { run: 1, runId: 'db-loss-1', at: '2026-01-05T02:00:00.000Z' },
    owner: 'Operations',
    due: '2026-02-04',
    state: 'open',
    ...changes,
  };
}

/** The first quarter of 2026, looked at shortly after it, with the runs; each has the facts of a green one if no others. */
export function inputsOf(
  runs: PeriodRun[],
  changes: Partial<Omit<QuarterInputs, 'ledger' | 'records'>> & {
    facts?: Record<number, RecordFacts | undefined>;
    ledger?: Partial<QuarterInputs['ledger']>;
  } = {},
): QuarterInputs {
  const { facts: given = {}, ledger, ...rest } = changes;
  const head = { index: 9, runs: runs.length, sha256: 'e'.repeat(64) };
  const records = runs.flatMap(({ run: { number }, end }): [number, RecordFacts][] => {
    const own = number in given ? given[number] : facts();
    return end?.figures && own ? [[number, own]] : [];
  });
  return {
    period: { from: new Date('2026-01-01'), to: new Date('2026-04-01') },
    now: new Date('2026-04-10T08:00:00.000Z'),
    firedrill: '0.1.0',
    programme: [planned()],
    ledger: {
      runs,
      beganAt: '2025-06-01T00:00:00.000Z',
      headAtStart: { ...head, index: 1 },
      headAtEnd: head,
      keys: [{ keyId: 'd'.repeat(64), since: '2025-06-01T00:00:00.000Z' }],
      verification: { problems: [], checked: ['10 entries'], notChecked: [], head },
      ...ledger,
    },
    records: new Map(records),
    missingRecords: [],
    register: emptyRegister(),
    retentionYears: 7,
    ...rest,
  };
}
