import type { RecoveryPointRecord } from '../domain/record-recovery.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { LedgerHead } from '../domain/ledger.ts';
import type { RunFact } from '../domain/nightly.ts';
import type { CadenceFrequency } from '../domain/runbook.ts';
import type { StandIn } from '../domain/stand-in.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { Verification } from '../evidence/problem.ts';
import type { FindingRegister } from './findings.ts';
import type { Period } from './period.ts';

/** A drill that a runbook asks for. */
export interface PlannedDrill {
  runbook: string;
  scenario: string;
  drill: string;
  frequency: CadenceFrequency;
  owner: string;
  /** sha256 of the runbook's file as it is now. */
  runbookSha256: string;
  /** Roles that are accountable, for the sign-off. */
  accountable: string[];
  /** False: the runbook names it and the project has no such drill. */
  exists: boolean;
}

/** A check of a run that turned red. */
export interface RedCheck {
  check: string;
  expected: string;
  actual: string;
}

/** What a report over many runs takes from a record; the rest of it is not kept in memory. */
export interface RecordFacts {
  /** What it was run on: alike in two runs when nothing has changed between them. */
  setting: Pick<RunFact, 'engine' | 'rows' | 'gitRevision' | 'sourceSha256' | 'schemaSha256'>;
  from?: string;
  chosenFault?: string;
  retainUntil?: string;
  recoveryPoints?: RecoveryPointRecord[];
  /** Stores that were no real product in it. */
  standIns?: StandIn[];
  /** Whether the drill hands over a masked copy. */
  maskedCopy: boolean;
  masking?: NonNullable<DrillRecord['masking']>;
  credentialsReset?: boolean;
  sessionsCleared?: boolean;
  /** Names of the negative controls that were not caught. */
  missedControls: string[];
  red: RedCheck[];
}

/** Why the record of a run could not be used. */
export interface MissingRecord {
  run: number;
  folder: string;
  why: string;
}

/** What the ledger says; its runs are all up to the end of the period, those from before it too. */
export interface LedgerInputs {
  runs: PeriodRun[];
  /** ISO 8601, of the first entry; absent when there is no entry before the end of the period. */
  beganAt?: string;
  headAtStart?: LedgerHead;
  headAtEnd?: LedgerHead;
  keys: { keyId: string; since: string }[];
  verification: Verification & { head?: LedgerHead };
}

/** Everything that a quarterly report rests on. */
export interface QuarterInputs {
  period: Period;
  now: Date;
  /** Version of the program. */
  firedrill: string;
  programme: PlannedDrill[];
  ledger: LedgerInputs;
  /** By the number of the run. */
  records: ReadonlyMap<number, RecordFacts>;
  missingRecords: MissingRecord[];
  register: FindingRegister;
  retentionYears: number;
}
