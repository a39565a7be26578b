import type { EngineName } from './service.ts';
import type { ApplicableVerdict } from './verdict.ts';

/** One of several machines that share the drills of a night: `{ index: 1, count: 4 }` is `1/4`. */
export interface Shard {
  /** Counts from 1. */
  index: number;
  count: number;
}

/** Part of a run that plans and summaries rest on. */
export interface RunFact {
  runId: string;
  drill: string;
  /** ISO 8601. */
  startedAt: string;
  state: 'running' | 'finished' | 'interrupted' | 'failed';
  verdict: ApplicableVerdict;
  engine: EngineName;
  rows: number;
  sabotage?: string;
  /** Run with `--quick`: no evidence. */
  quick?: true;
  from?: string;
  chosenFault?: string;
  gitRevision?: string;
  /** Over the files that it ran on; absent in records of earlier versions. */
  sourceSha256?: string;
  runbookSha256: string;
  schemaSha256?: string;
}

/** What of a run says whether its drill is due; a ledger alone knows it, but for the schema. */
export type ProofFact = Pick<
  RunFact,
  'runId' | 'drill' | 'startedAt' | 'state' | 'verdict' | 'sabotage' | 'quick' | 'runbookSha256' | 'schemaSha256'
>;

/** A drill that was red and then green although nothing of the project had changed: one of the two is wrong. */
export interface Flakiness {
  drill: string;
  gitRevision?: string;
  sourceSha256?: string;
  engine: EngineName;
  /** The last red run before the green one. */
  redRunId: string;
  greenRunId: string;
}

/** The scenario that the lot has fallen on, and the seed that it fell by. */
export interface Lot {
  runbook: string;
  /** Day on which the calendar period begins: `2026-11-01`. */
  period: string;
  /** First 32 bits of sha256 over period and digest of the runbook. */
  seed: number;
  scenario: string;
  drill: string;
}

/** Something that people have to do, which no machine can tell the end of. */
export interface Reminder {
  runbook: string;
  title: string;
  /** The calendar period that it is asked for in, as days; `until` is the first day after it. */
  from: string;
  until: string;
}

/** A hole in the programme. */
export interface Gap {
  runbook: string;
  scenario: string;
  drill: string;
  what: string;
}

/** One drill of a night, played or not, as the summary tells it. */
export interface SummaryRow {
  drill: string;
  /** Folder that the record came from: which machine ran it. */
  source: string;
  verdict: ApplicableVerdict;
  /** Why there is no record; the members below are absent then. */
  missing?: string;
  runId?: string;
  state?: RunFact['state'];
  startedAt?: string;
  durationMs?: number;
  engine?: EngineName;
  rows?: number;
  gitRevision?: string;
  sourceSha256?: string;
  sabotage?: string;
  quick?: true;
  rto?: { totalMs: number; targetMs: number; verdict: ApplicableVerdict };
  rpo?: { store: string; measuredMs?: number; targetMs: number; lostWrites: number; verdict: ApplicableVerdict }[];
  controls?: { caught: number; planned: number };
  flaky?: Flakiness;
}

/** `summary.json` of a night, of one machine or merged from several. */
export interface NightlySummary {
  schemaVersion: 1;
  /** ISO 8601. */
  createdAt: string;
  /** The worst of the rows; absent when nothing was run. */
  verdict?: ApplicableVerdict;
  /** Machine that this is of; absent after a merge and where one machine ran everything. */
  shard?: Shard;
  /** Machines that a merge found, of how many; those that have left nothing make the night red. */
  shards?: { found: number[]; missing: number[]; count: number };
  /** Sum of the runs. */
  runsMs: number;
  rows: SummaryRow[];
  /** Drills that were red and then green on the same files, among all records that are known. */
  flaky: Flakiness[];
  /** Drills that were not due, with the instant at which the calendar asks for them, where it does. */
  notDue: { drill: string; lastGreenAt?: string; nextDueAt?: string }[];
  lots: Lot[];
  reminders: Reminder[];
  gaps: Gap[];
  /** Files that should have held a record and could not be read. */
  unreadable: string[];
}
