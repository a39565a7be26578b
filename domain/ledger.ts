import type { DrillRecord } from './record.ts';
import type { ApplicableVerdict } from './verdict.ts';

/** What every entry of the ledger says about itself and about the state that it leaves behind. */
export interface LedgerPosition {
  schemaVersion: 1;
  /** Counts from 0 without gaps. */
  index: number;
  /** ISO 8601, UTC. */
  at: string;
  /** sha256 of the line before it, without its line end; 64 zeros in the first. */
  previous: string;
  /** How many runs have got their number up to and with this entry. */
  runs: number;
  /** Numbers of the runs that have begun and are not closed after this entry, ascending. */
  open: number[];
  /** sha256 of the public key (DER) that the entry is signed with. */
  keyId: string;
}

/** A run as the ledger names it. */
export interface LedgerRun {
  /** Counts from 1 without gaps. */
  number: number;
  runId: string;
  drill: string;
  scenario: string;
  runbook: { name: string; version: string; sha256: string };
  engine: string;
  /** ISO 8601. */
  startedAt: string;
  /** Folder of the run, relative to the folder of the ledger. */
  folder: string;
}

/** A process, told apart from a later one that has got the same number. */
export interface ProcessIdentity {
  host: string;
  pid: number;
  /** Ticks since the machine's start at which the process began; absent where the system does not tell. */
  started?: string;
}

/** The figures of a run that a summary over many runs needs, so that it need not read every record. */
export interface RunFigures {
  durationMs: number;
  rtoMs?: number;
  rtoTargetMs?: number;
  rpo: { store: string; measuredMs?: number; targetMs: number; verdict: ApplicableVerdict }[];
  controls: { planned: number; caught: number };
  /** sha256 over objectives and success criteria, taken before the run. */
  criteriaSha256: string;
  /** sha256 over the files that the drill ran on; absent in entries of earlier versions. */
  sourceSha256?: string;
  sabotage?: string;
  /** Run with `--quick`: never evidence. */
  quick?: true;
}

/** What seals the folder of a run. */
export interface Seal {
  /** sha256 of `manifest.json`, which names size and sha256 of every artefact. */
  manifestSha256: string;
  /** sha256 of the envelope with the statement on the result. */
  attestationSha256: string;
  artefacts: number;
}

/** `aborted`: the process that ran it was gone before it closed the run; a later one found that and closed it. */
export type ClosedState = Exclude<DrillRecord['state'], 'running'> | 'aborted';

/** How a run ended. */
export interface LedgerEnd {
  state: ClosedState;
  verdict: ApplicableVerdict;
  /** ISO 8601; absent when the run was aborted, since nobody saw its end. */
  finishedAt?: string;
  figures?: RunFigures;
  /** Absent when no folder was left. */
  seal?: Seal;
  /** Why it was aborted or is not sealed. */
  reason?: string;
}

/** The first entry: names the key by which everything after it is verified. */
export type OpenedEntry = LedgerPosition & { kind: 'opened'; publicKey: string };
/** A run has got its number. */
export type BegunEntry = LedgerPosition & { kind: 'begun'; run: LedgerRun; holder: ProcessIdentity };
/** A run has ended. */
export type ClosedEntry = LedgerPosition & { kind: 'closed'; run: LedgerRun; end: LedgerEnd };
/** Another key signs from the next entry on; signed by the old one. */
export type RotatedEntry = LedgerPosition & { kind: 'rotated'; nextKeyId: string; publicKey: string };
/** A line that a crash had torn was cut off; `dropped` holds its bytes in base64. */
export type RepairedEntry = LedgerPosition & { kind: 'repaired'; dropped: string };

export type LedgerEntry = OpenedEntry | BegunEntry | ClosedEntry | RotatedEntry | RepairedEntry;

/** The end of the ledger: kept somewhere else, it shows later that nothing before it was removed or rewritten. */
export interface LedgerHead {
  index: number;
  runs: number;
  /** sha256 of the last line. */
  sha256: string;
}
