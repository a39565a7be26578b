import type { LedgerHead } from '../domain/ledger.ts';
import type { RecoveryPointRecord } from '../domain/record-recovery.ts';
import type { CadenceFrequency } from '../domain/runbook.ts';
import type { StoreName } from '../domain/service.ts';
import type { ApplicableVerdict, Verdict } from '../domain/verdict.ts';
import type { MissingRecord } from './inputs.ts';

/**
 * How a run counts. `green` and `failed` have judged the recovery; a `sabotaged` one was meant to be red; a `quick` one
 * is never evidence; the others prove nothing either way.
 */
export type Outcome = 'green' | 'failed' | 'inconclusive' | 'interrupted' | 'aborted' | 'open' | 'sabotaged' | 'quick';

export interface ReportedRun {
  number: number;
  runId: string;
  drill: string;
  scenario: string;
  engine: string;
  startedAt: string;
  outcome: Outcome;
  verdict: ApplicableVerdict;
  durationMs?: number;
  rtoMs?: number;
  rtoTargetMs?: number;
  /** Why it failed, was aborted or proves nothing: names of red checks, the reason of the ledger. */
  why?: string;
  sabotage?: string;
}

/** A stretch of planned drills that were not held. */
export interface PlanGap {
  /** First and last day. */
  from: string;
  to: string;
  /** How many drills were planned in it. */
  drills: number;
  why: string;
}

export interface PlanLine {
  runbook: string;
  scenario: string;
  drill: string;
  frequency: CadenceFrequency;
  planned: number;
  performed: number;
  /** Runs in the period that judged the recovery. */
  runs: number[];
  gaps: PlanGap[];
  /** Why nothing was planned. */
  notDue?: string;
}

/** What is known of one store in one scenario, by the last run that says something. */
export interface CoverageCell {
  store: StoreName;
  /**
   * `restored` and `survived`: by a green run of the period. `earlier`: by a green run from before it. `failed`: only red
   * runs. `unknown`: a run that says nothing of it. `none`: no run that judged.
   */
  state: 'restored' | 'survived' | 'earlier' | 'failed' | 'unknown' | 'none';
  source?: RecoveryPointRecord['source'];
  run?: number;
  at?: string;
  /** The runbook is not the one of that run any more. */
  stale?: boolean;
  /** The product that a built-in stand-in took the place of: no evidence for it. */
  standIn?: string;
}

export interface CoverageLine {
  runbook: string;
  scenario: string;
  drill: string;
  cells: CoverageCell[];
}

export interface StoreRestore {
  store: StoreName;
  /** By a real server. Absent when no green run is known that has brought it back. */
  last?: { run: number; drill: string; at: string; source: RecoveryPointRecord['source']; daysAgo: number };
  inPeriod: boolean;
  /** The newest green run that has brought a built-in stand-in for the product back, where that is newer. */
  onStandIn?: { run: number; at: string; product: string; inPeriod: boolean };
}

/** The runs of one month. */
export interface TrendMonth {
  /** `2026-01`. */
  month: string;
  runs: number;
  /** Absent when nothing could be measured. */
  medianMs?: number;
  worstMs?: number;
  /** Runs over the objective, and those in which nothing survived. */
  missed: number;
}

export interface Trend {
  drill: string;
  /** Only of a loss of data. */
  store?: string;
  /** The objective of the last run. */
  targetMs: number;
  months: TrendMonth[];
  /** The last measurement missed the objective. */
  missedLast: boolean;
  /** Last month's median as a part of the first one's; absent with one month only. */
  change?: number;
}

/** A finding as it stood at the end of the period. */
export interface ReportedFinding {
  id: string;
  drill: string;
  check: string;
  openedBy: number;
  openedAt: string;
  owner: string;
  /** Day on which its owner has taken it on. */
  accepted?: string;
  due: string;
  state: 'open' | 'overdue' | 'closed';
  /** It was opened in the period. */
  isNew: boolean;
  retest?: number;
  /** Closed by a green retest after the end of the period. */
  closedSince?: boolean;
  what: string;
}

export interface ControlsAssurance {
  planned: number;
  caught: number;
  /** Runs that played controls. */
  runs: number;
  /** Green runs that played none: nobody has seen their checks turn red. */
  without: number[];
  missed: { run: number; names: string[] }[];
}

export interface MaskingAssurance {
  run: number;
  drill: string;
  rowsCopied: number;
  rowsScanned: number;
  columnsClassified: number;
  canariesPlanted: number;
  canariesFoundBefore: number;
  canariesFoundAfter: number;
  leaks: number;
  verdict: ApplicableVerdict;
}

export interface DigestChange {
  what: 'runbook' | 'objectives';
  /** Name of the runbook, for objectives with the drill. */
  name: string;
  before: string;
  after: string;
  versions?: { before: string; after: string };
  /** First run with the new one; absent when it was changed since the last run, so that no run has used it. */
  run?: number;
  at?: string;
}

export interface MatrixLine {
  controls: string;
  shows: string;
  cadence: string;
  verdict: Verdict;
  evidence: string;
  notByMachine: string;
}

/** A drill that was red and then green on the same files: one of the two results is wrong. */
export interface FlakyPair {
  drill: string;
  gitRevision?: string;
  sourceSha256?: string;
  /** Numbers of the runs. */
  red: number;
  green: number;
}

/** What the reader must not overlook; `pass` where a later run of the period has settled it. */
export interface Weakness {
  name: string;
  verdict: ApplicableVerdict;
  text: string;
}

/** `quarterly.json`: the other formats are rendered from it alone. */
export interface QuarterlyReport {
  schemaVersion: 1;
  name: string;
  /** Days; `to` is the last one. */
  period: { from: string; to: string; isOver: boolean };
  /** The ledger begins after the period: there was nothing that could have been shown. */
  notBegun?: boolean;
  generatedAt: string;
  firedrill: string;
  retainUntil: string;
  verdict: ApplicableVerdict;
  headline: string;
  weaknesses: Weakness[];
  plan: { lines: PlanLine[]; planned: number; performed: number; beside: { drill: string; runs: number[] }[] };
  runs: ReportedRun[];
  flaky: FlakyPair[];
  coverage: CoverageLine[];
  restores: StoreRestore[];
  rto: Trend[];
  rpo: Trend[];
  findings: ReportedFinding[];
  /** Findings that say closed without a green retest in the ledger. */
  disputed: string[];
  controls: ControlsAssurance;
  /** `notMeasured`: green runs that should have handed over a masked copy. */
  masking: { lines: MaskingAssurance[]; notMeasured: number[] };
  changes: DigestChange[];
  matrix: MatrixLine[];
  ledger: {
    beganAt?: string;
    headAtStart?: LedgerHead;
    headAtEnd?: LedgerHead;
    head?: LedgerHead;
    keys: { keyId: string; since: string }[];
    verifies: boolean;
    problems: string[];
    checked: string[];
    notChecked: string[];
    missingRecords: MissingRecord[];
  };
  /** Roles that sign. */
  signOff: string[];
  retention: { years: number; earliestRecordUntil?: string };
  limitations: string[];
}
