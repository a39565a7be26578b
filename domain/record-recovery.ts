import type { DifferenceKind, ReconciledStore } from './reconciliation.ts';
import type { StoreName } from './service.ts';
import type { RecoveryPhase } from './timeline.ts';
import type { ApplicableVerdict, Verdict } from './verdict.ts';

/** One store's backup as it was taken. */
export interface StoreBackupRecord {
  store: StoreName;
  /** For people: `database dump`, `objects`, `search dump`, `search snapshot`. */
  kind: string;
  id: string;
  /** Backup of everything that it is a member of. */
  setId?: string;
  coveredAt: string;
  durationMs: number;
  /** In the backup store. */
  sizeBytes: number;
  /** Rows, objects or documents in it. */
  items: number;
  itemUnit: string;
  /** Age of the data at the fault. */
  ageAtFaultMs?: number;
  /** A newer one of the store was taken after it: the recovery must not choose it. */
  earlier?: true;
}

/** A backup of everything and how far apart the instants are that its stores cover. */
export interface BackupSetRecord {
  id: string;
  skewMs: number;
  oldest: { store: StoreName; coveredAt: string };
  newest: { store: StoreName; coveredAt: string };
}

/** Where a store's content came from after the recovery. */
export interface RecoveryPointRecord {
  store: StoreName;
  /**
   * `backup`: restored from one; `survived`: the fault did not reach it; `rebuilt`: made anew from another store;
   * `versions`: what was damaged was put back from versions that the store itself keeps.
   */
  source: 'backup' | 'survived' | 'rebuilt' | 'versions';
  /** What it is in words: the backup's id, the store it was rebuilt from. */
  detail: string;
  /** ISO 8601: the instant that its content covers, where it has one. */
  coveredAt?: string;
}

/** Rows and one store compared both ways, at one moment. */
export interface ReconciliationRecord {
  store: ReconciledStore;
  /** Bucket or index. */
  scope?: string;
  /** `recovered`: as the recovery left it; `repaired`: after the runbook's repair. */
  moment: 'recovered' | 'repaired';
  rows: number;
  items: number;
  /** Keys on both sides whose content was compared. */
  compared: number;
  /**
   * Of the differences: rows written after the recovery point of the store, whose objects are lost with it. They are
   * accepted, since the loss itself is judged by the RPO.
   */
  lostWithPoint?: number;
  /** Kinds with any; the first keys of each. */
  differences: { kind: DifferenceKind; count: number; keys: string[] }[];
  verdict: Verdict;
}

/** What was done about differences. */
export interface RepairRecord {
  store: ReconciledStore;
  /** For people: `objects without a row moved to the bucket quarantine`. */
  what: string;
  count: number;
}

/** When a service was back, from the detection on. */
export interface ServiceRtoRecord {
  service: string;
  title: string;
  totalMs: number;
  targetMs: number;
  verdict: ApplicableVerdict;
}

/** Many requests to one probe at a fixed rate, once the system was recovered. Latencies are of answered requests. */
export interface SustainedSmokeRecord {
  probe: string;
  requests: number;
  perSecond: number;
  /** No answer, or not the one that is expected. */
  errors: number;
  /** Of the first request, which is not in the percentiles. */
  firstMs: number;
  p50Ms: number;
  p95Ms: number;
  p99Ms: number;
  maxMs: number;
  limitMs: number;
  /** Share of all requests that took longer than the limit, 0 to 1. */
  overLimitShare: number;
  verdict: ApplicableVerdict;
}

/** An acknowledged write, as it lies to the fault. */
export interface MarkerRecord {
  /** When it was acknowledged, counted from the fault: negative before it. */
  atMs: number;
  survived: boolean;
}

/** The run before this one of the same drill, for comparison. */
export interface PreviousRunRecord {
  runId: string;
  verdict: ApplicableVerdict;
  startedAt: string;
  durationMs: number;
  rtoMs?: number;
  /** Absent in records of earlier versions, as is `rpo`. */
  phases?: Partial<Record<RecoveryPhase, number>>;
  rpo?: { store: StoreName; measuredMs?: number; lostWrites: number }[];
}

/** Several ways to the same end, timed side by side in one run. */
export interface ComparisonRecord {
  title: string;
  ways: {
    name: string;
    title: string;
    durationMs: number;
    detail: string;
    chosen: boolean;
    verdict: ApplicableVerdict;
  }[];
}

export interface RpoRecord {
  store: StoreName;
  /** Time of the fault minus the newest surviving acknowledged marker; absent when no marker survived. */
  measuredMs?: number;
  acknowledged: number;
  /** Sent until the fault was noticed and never acknowledged: not counted as lost. Absent in earlier records. */
  unanswered?: number;
  /** Acknowledged and no longer usable, whichever store has lost its part of them. */
  lostWrites: number;
  /** How many of the lost ones each store has lost its part of; one write can be gone from several. Absent in earlier records. */
  lostFrom?: { store: StoreName; writes: number }[];
  targetMs: number;
  verdict: ApplicableVerdict;
  /** The write path of the markers. */
  path: string;
  /** What the backup schedule alone allows to be lost; not a measurement. */
  scheduleAllowsMs?: number;
  /** The newest of the acknowledged writes, in their order; absent in records of earlier versions. */
  markers?: MarkerRecord[];
}
