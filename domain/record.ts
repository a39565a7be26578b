import type { RecordedError } from './error-verdict.ts';
import type { AvailabilityRecord } from './availability.ts';
import type { ControlRecord } from './control-record.ts';
import type { Finding } from './finding.ts';
import type { ColumnRule, LargeObjectRule } from './masking.ts';
import type {
  BackupSetRecord,
  ComparisonRecord,
  PreviousRunRecord,
  ReconciliationRecord,
  RecoveryPointRecord,
  RepairRecord,
  RpoRecord,
  ServiceRtoRecord,
  StoreBackupRecord,
  SustainedSmokeRecord,
} from './record-recovery.ts';
import type { Owed } from './owed.ts';
import type { EnvironmentRecord } from './environment-record.ts';
import type { QuickRecord } from './quick.ts';
import type { EngineName, ServiceInfo } from './service.ts';
import type { PhaseName, RecoveryPhase, TimelineEvent } from './timeline.ts';
import type { ApplicableVerdict } from './verdict.ts';
import type { RunbookRole } from './runbook.ts';
import type { WaysOutRecord } from './ways-out.ts';

export type { RpoRecord } from './record-recovery.ts';
export type { ControlRecord } from './control-record.ts';
export type { EnvironmentRecord } from './environment-record.ts';

/** A `ServiceInfo` as `drill.json` names it. */
export interface ServiceRecord extends Omit<ServiceInfo, 'service'> {
  name: ServiceInfo['service'];
}

/** Names a running service as `drill.json` does. */
export function serviceRecord({ service, ...rest }: ServiceInfo): ServiceRecord {
  return { name: service, ...rest };
}

/** Verdict on one smoke probe with the figures it rests on. */
export interface SmokeRecord {
  /** Which instance was asked: `steady-state`, `recovered`, `staging`. */
  target: string;
  probe: string;
  method: string;
  path: string;
  /** What was expected, in words. */
  expected: string;
  /** Status of the last answer; absent when there was none. */
  status?: number;
  requests: number;
  /** Greatest latency of a single request: the one the limit is held against. */
  latencyMs: number;
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
  limitMs: number;
  verdict: ApplicableVerdict;
  /** Why it is not green. */
  reason?: string;
}

export interface StepRecord {
  id: string;
  title: string;
  phase?: PhaseName;
  status: 'executed' | 'failed' | 'skipped' | 'not-executed';
  /** Why it was skipped or not executed. */
  reason?: string;
  deviation?: string;
  budgetMs?: number;
  actualMs?: number;
  /** Since the run began. */
  startedMs?: number;
  endedMs?: number;
  /** Steps that had to be done before it, where steps ran side by side. */
  after?: string[];
  /** Service that was back with it. */
  restores?: string;
  /** It is on the critical path of steps that ran side by side. */
  critical?: boolean;
}

/** `drill.json`: the truth of a run. Every report is rendered from it alone. */
export interface DrillRecord {
  schemaVersion: 1;
  runId: string;
  /** Number of the run in the ledger; absent where no ledger is kept. */
  sequence?: number;
  /** ISO 8601: until when the record must be kept. */
  retainUntil?: string;
  /** The run before this one of the same drill, for comparison; absent where none is known. */
  previous?: PreviousRunRecord;
  drill: string;
  runbook: {
    name: string;
    title: string;
    version: string;
    owner: string;
    classification: string;
    scenario: string;
    file: string;
    /** sha256 of the runbook's file. */
    sha256: string;
  };
  /** `finished`, `interrupted` (Ctrl-C), `failed` (an error ended it), or `running`: then the run still goes on or has died. */
  state: 'running' | 'finished' | 'interrupted' | 'failed';
  verdict: ApplicableVerdict;
  startedAt: string;
  /** Absent while the run goes on, and when it died. */
  finishedAt?: string;
  durationMs: number;
  engine: EngineName;
  services: ServiceRecord[];
  environment: EnvironmentRecord;
  scope: {
    system: string;
    scenario: string;
    symptoms: string[];
    assumptions: string[];
    successCriteria: string[];
    /** Whether the drill hands over a masked copy; absent in records of before there were drills without one. */
    maskedCopy?: boolean;
    /** sha256 over objectives and success criteria, taken before the run. */
    criteriaSha256: string;
    objectives: { service: string; title: string; rtoMs: number; rpoMs: number }[];
  };
  roles: RunbookRole[];
  contacts: { role: string; primary: string; secondary?: string; escalation?: string }[];
  /** The checks and controls that the run owed, by what was known before it started; absent in records of earlier versions. */
  owed?: Owed;
  /** Played for real with `--sabotage`. */
  sabotage?: string;
  /** Run with `--quick`: never evidence. */
  quick?: QuickRecord;
  /** The way to recover, of a drill that knows several. */
  from?: string;
  /** Name of the fault that it was to be, of a drill that knows several. */
  chosenFault?: string;
  seed?: { tables: Record<string, number>; objects: number; documents: number };
  backup?: {
    id: string;
    coveredAt: string;
    durationMs: number;
    sizeBytes: number;
    sha256: string;
    lsn: string;
    compression: string;
    serverVersion: string;
    rows: number;
    /** Age of the data at the fault. */
    ageAtFaultMs?: number;
  };
  /** Every backup that was taken, of all stores. */
  backups?: StoreBackupRecord[];
  backupSet?: BackupSetRecord;
  fault?: {
    name: string;
    title: string;
    injectedAt: string;
    /** What was seen from outside after it. */
    observed: string[];
    bitten: boolean;
    detectedAt?: string;
  };
  /** Where the content of each store came from; absent when the recovery was not reached. */
  recoveryPoints?: RecoveryPointRecord[];
  timeline: TimelineEvent[];
  steps: StepRecord[];
  rto?: {
    totalMs: number;
    targetMs: number;
    phases: Partial<Record<RecoveryPhase, number>>;
    fromFaultMs: number;
    restoreDurationMs?: number;
    verdict: ApplicableVerdict;
  };
  rtoByService?: ServiceRtoRecord[];
  rpo: RpoRecord[];
  reconciliations?: ReconciliationRecord[];
  repairs?: RepairRecord[];
  comparison?: ComparisonRecord;
  integrity: Finding[];
  masking?: {
    durationMs: number;
    rowsCopied: number;
    rowsScanned: number;
    columnsClassified: number;
    rules: Record<ColumnRule['kind'] | 'clear', number>;
    /** What became of the large objects of the source; absent in records of earlier versions. */
    largeObjects?: { objects: number; rule: LargeObjectRule };
    canariesPlanted: number;
    canariesFoundBefore: number;
    canariesFoundAfter: number;
    canariesByKind: Record<string, number>;
    leaks: { detector: string; place: string; count: number }[];
  };
  /** How restored servers reach others; absent in records of earlier versions. */
  waysOut?: WaysOutRecord[];
  smoke: SmokeRecord[];
  sustained?: SustainedSmokeRecord[];
  /** What clients saw through the drill; absent where no load was on. */
  availability?: AvailabilityRecord;
  security: { sessionsCleared?: boolean; credentialsReset?: boolean; notes: string[] };
  controls: ControlRecord[];
  /** All findings, the ones of the sections above included. */
  findings: Finding[];
  memory?: {
    limitBytes: number;
    processes: { name: string; peakBytes: number }[];
  };
  cleanUp?: { verdict: ApplicableVerdict; left: { kind: string; name: string }[] };
  /** Errors that ended the run or a part of it. */
  errors: RecordedError[];
  limitations: string[];
  recommendations: string[];
  nextDrillAt: string;
}
