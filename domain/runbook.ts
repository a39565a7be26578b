import type { MaskingPolicy } from './masking.ts';
import type { ReconciledStore, ReconciliationTolerance } from './reconciliation.ts';
import type { StoreName } from './service.ts';
import type { Probe } from './smoke.ts';
import type { PhaseName } from './timeline.ts';

/** What a service must achieve; both in milliseconds. */
export interface Objective {
  rtoMs: number;
  rpoMs: number;
}

/** Stands for the whole system where a scenario names the service whose objective it is judged by. */
export const wholeSystem = 'system';

export interface RunbookService {
  title: string;
  objective: Objective;
  /** The store that it stands for: what is lost of that store is judged by its objective. */
  store?: StoreName;
  /** How often it is backed up: what the schedule alone allows to be lost. */
  backupEveryMs?: number;
}

/** A step is carried out by an action of the registry, or it is manual and then recorded as not executed. */
export interface RunbookStep {
  id: string;
  title: string;
  budgetMs?: number;
  action?: string;
  /** Why no action carries it out. */
  manual?: string;
  /** Where the drill departs from the written runbook, and why. */
  deviation?: string;
  /**
   * Steps that must be done before this one. Where a step of a scenario has any, all are carried out as soon as those
   * before them are done, side by side; where none has, one after the other.
   */
  after?: string[];
  /** Service that is back once this step is done: its own recovery time ends here. */
  restores?: string;
}

/**
 * Repairs that a runbook can ask for: objects that no row refers to are moved away into quarantine; a search is
 * brought in line with the rows by the application's own reindexing.
 */
const reconciliationRepairs = ['quarantine', 'reindex'] as const;
export type ReconciliationRepair = (typeof reconciliationRepairs)[number];

/** What a runbook says of differences between rows and one store. */
export interface ReconciliationPolicy {
  /** What is not named is not accepted. */
  tolerance: ReconciliationTolerance;
  repair?: ReconciliationRepair;
}

/** Requests at a fixed rate after the recovery: the first request after a restore is the slow one. */
export interface SustainedSmoke {
  /** To each probe. */
  requests: number;
  perSecond: number;
}

export interface RunbookScenario {
  title: string;
  /** Drill that rehearses it. */
  drill: string;
  symptoms: string[];
  /** Service whose objective the scenario is judged by, or `system`. */
  service: string;
  /** Probe whose failure detects this outage, where it is another one than the runbook's. */
  detectBy?: string;
  steps: RunbookStep[];
}

/** What clients must see while servers fail: requests at a fixed rate, and what is accepted of them. */
export interface RunbookAvailability {
  requestsPerSecond: number;
  /** Probes that are sent in turn, each with the service of the runbook that it shows. */
  probes: Record<string, string>;
  /** Header of an answer that names the server it came from. */
  servedBy: string;
  outageLimitMs: number;
  /** From 0 to 1. */
  errorShareLimit: number;
}

/** How often a drill is due; counted in calendar days, weeks or months from the last one. */
export const cadenceFrequencies = ['nightly', 'weekly', 'monthly', 'quarterly', 'annually'] as const;
export type CadenceFrequency = (typeof cadenceFrequencies)[number];

/**
 * What is exercised beside, or in place of, every scenario at the runbook's frequency:
 * - `scenarios`: a drill of each scenario, or of the named ones, counted from its last green run;
 * - `random-scenario`: one scenario a calendar period, chosen by a seed that follows from the period and the runbook;
 * - `tabletop`: people talk it through; a reminder, since no machine can tell whether they did;
 * - `after-change`: a drill of each scenario once the database's schema or the runbook is another than at its last
 *   green run.
 */
export type RunbookExercise =
  | { kind: 'scenarios'; frequency: CadenceFrequency; scenarios?: string[] }
  | { kind: 'random-scenario'; frequency: CadenceFrequency }
  | { kind: 'tabletop'; frequency: CadenceFrequency; title: string }
  | { kind: 'after-change' };

export interface RunbookCadence {
  frequency: CadenceFrequency;
  /** Absent: every scenario at `frequency`. */
  exercises?: RunbookExercise[];
}

export interface RunbookRole {
  role: string;
  responsibility: 'responsible' | 'accountable' | 'consulted' | 'informed';
  contact: string;
}

/** Validated declaration of a system's disaster recovery. */
export interface Runbook {
  name: string;
  title: string;
  version: string;
  owner: string;
  classification: string;
  /** Name of the system in `fixtures/`. */
  system: string;
  /** Objective of the whole system. */
  objective: Objective;
  services: Record<string, RunbookService>;
  scenarios: Record<string, RunbookScenario>;
  /** `detectBy` names the probe whose failure detects an outage. */
  smoke: { probes: Probe[]; detectBy: string; sustained?: SustainedSmoke };
  /** Absent where nothing is asked of the availability while servers fail. */
  availability?: RunbookAvailability;
  /** What is done about differences between rows and each store after a recovery, and how many are accepted in the end. */
  reconciliation: Partial<Record<ReconciledStore, ReconciliationPolicy>>;
  masking: MaskingPolicy;
  /** `maxSkewMs`: how far apart the instants may be that the stores of a backup of everything cover. */
  backup: { compression: 'zstd' | 'xz'; maxSkewMs: number };
  roles: RunbookRole[];
  cadence: RunbookCadence;
  contacts: { role: string; primary: string; secondary?: string; escalation?: string }[];
  assumptions: string[];
  successCriteria: string[];
  /** File it came from, for messages and for the report. */
  file: string;
  /** sha256 of that file, hex. */
  sha256: string;
}

/** Phase of the run that an action belongs to. */
export type ActionPhase = Extract<PhaseName, 'detect' | 'decide' | 'provision' | 'restore' | 'verify' | 'resume'>;

/** A part that not every system has. */
export const systemParts = ['objects', 'search', 'servers'] as const;
export type SystemPart = (typeof systemParts)[number];

/** What an action stands on: a part of the system, or the section `availability` of the runbook. */
export type ActionNeed = SystemPart | 'availability';
