import type { LedgerHead } from '../domain/ledger.ts';
import type { RecoveryPointRecord } from '../domain/record-recovery.ts';
import type { StoreName } from '../domain/service.ts';
import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { MissingRecord } from '../quarterly/inputs.ts';
import type { PlannedDrill, PlannedRunbook } from '../schedule/programme.ts';

/** What a store ran on. */
export interface StoreVersion {
  implementation: string;
  version: string;
  /** Only in containers: the reference of the image. */
  image?: string;
  /** The product, where it was a built-in stand-in. */
  standsInFor?: string;
}

/** What the history takes from the record of a run: where each store came back from, and what it was proved on. */
export interface ProofFacts {
  sources: Partial<Record<StoreName, RecoveryPointRecord['source']>>;
  versions: Partial<Record<StoreName, StoreVersion>>;
  /** Absent in records of earlier versions. */
  schemaSha256?: string;
}

/** The project as it is now: what its runbooks ask for, and what its drills would run on. */
export interface Project {
  drills: readonly PlannedDrill[];
  runbooks: readonly PlannedRunbook[];
  /** References of the images of the stores, for the runs on containers. */
  images: Partial<Record<StoreName, string>>;
}

/** Everything that the history rests on. */
export interface HistoryInputs extends Project {
  now: Date;
  /** Version of the program. */
  firedrill: string;
  /** By their numbers. */
  runs: PeriodRun[];
  /** ISO 8601, of the first entry of the ledger. */
  beganAt?: string;
  head?: LedgerHead;
  /** What the verification of the ledger has found to be wrong. */
  problems: string[];
  /** By the number of the run: the newest green run of each drill, and the newest run on each engine. */
  proofs: ReadonlyMap<number, ProofFacts>;
  /** Runs that left a record which is not there, or cannot be used. */
  missing: MissingRecord[];
}
