import type { LedgerHead } from '../domain/ledger.ts';
import type { Gap, Lot, Reminder } from '../domain/nightly.ts';
import type { RecoveryPointRecord } from '../domain/record-recovery.ts';
import type { StoreName } from '../domain/service.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import type { MissingRecord } from '../quarterly/inputs.ts';
import type { Outcome, ReportedRun } from '../quarterly/report.ts';

/** How a scenario of a runbook stands. */
export interface ScenarioState {
  runbook: string;
  scenario: string;
  drill: string;
  /** False: the runbook names the drill, and the project has none of that name. */
  exists: boolean;
  /** Its newest run that was neither sabotaged nor quick. */
  last?: ReportedRun;
  /** The newest of them that judged the recovery. */
  judged?: ReportedRun;
  lastGreen?: { run: number; at: string; daysAgo: number };
  /** Why it is due now; none when it is not. */
  reasons: string[];
  /** ISO 8601: when the calendar asks for it; absent when it was never green or no exercise names a frequency. */
  nextDueAt?: string;
}

/** What the newest green run of a scenario says of one store. */
export interface CoverageCell {
  store: StoreName;
  /** `proved`: brought back. `untouched`: the fault did not reach it. `unknown`: no usable record. `none`: never green. */
  state: 'proved' | 'untouched' | 'unknown' | 'none';
  source?: RecoveryPointRecord['source'];
  run?: number;
  daysAgo?: number;
  /** The product, where it was brought back on a built-in stand-in: no evidence for it. */
  standIn?: string;
  /** What has changed since, in words; with any, the proof is stale. */
  changed: string[];
  /** Number of a later run of the drill that failed. */
  failedSince?: number;
}

export interface CoverageLine {
  runbook: string;
  scenario: string;
  drill: string;
  cells: CoverageCell[];
}

/** Runs of one day with the same verdict. */
export interface DayMark {
  verdict: ApplicableVerdict;
  /** `6 pass`, `fail`. */
  word: string;
  /** The drills, where they are not green. */
  drills?: string;
}

export interface CalendarDay {
  /** `2026-03-02`. */
  day: string;
  /** `outside`: before the ledger began, or yet to come. */
  isOutside: boolean;
  marks: DayMark[];
  /** Runs that were sabotaged on purpose, which say nothing of the system. */
  sabotaged: number;
  /** Quick runs, which are no evidence. */
  quick: number;
}

export interface MonthCount {
  /** `2026-03`. */
  month: string;
  runs: number;
  pass: number;
  fail: number;
  inconclusive: number;
  sabotaged: number;
  quick: number;
}

/** A measurement, or the median of several. */
export interface TrendPoint {
  /** ISO 8601: of the run, or the first day of the week or month. */
  at: string;
  runs: number;
  /** Part of the objective that was used, by the objective of each run; 1 is all of it. */
  share: number;
  /** Runs over the objective. */
  missed: number;
}

/** The RTO of a drill, or the RPO of one store in it. */
export interface TrendSeries {
  name: string;
  points: TrendPoint[];
  runs: number;
  /** Absent when nothing could be measured. */
  lastMs?: number;
  medianMs?: number;
  worstMs?: number;
  /** The objective of the newest run. */
  targetMs: number;
  missed: number;
  /** Runs in which nothing survived that could be measured; they are among the missed ones. */
  unmeasured: number;
}

export interface DrillTrend {
  drill: string;
  /** What a point stands for. */
  each: 'run' | 'week' | 'month';
  series: TrendSeries[];
}

/** A run that proves nothing because it has no result. */
export interface RunWithoutResult {
  number: number;
  runId: string;
  drill: string;
  startedAt: string;
  outcome: Outcome;
  why: string;
}

/** All that the dashboard shows. */
export interface DrillHistory {
  generatedAt: string;
  firedrill: string;
  /** `problems`: what its verification has found to be wrong. */
  ledger: { runs: number; beganAt?: string; head?: LedgerHead; problems: string[] };
  states: ScenarioState[];
  lots: Lot[];
  reminders: Reminder[];
  gaps: Gap[];
  coverage: CoverageLine[];
  /** Weeks from Monday to Sunday, the newest first. */
  weeks: CalendarDay[][];
  /** Newest first. */
  months: MonthCount[];
  trends: DrillTrend[];
  /** Newest first. */
  withoutResult: RunWithoutResult[];
  missing: MissingRecord[];
}
