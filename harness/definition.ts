import type { Fault } from '../domain/fault.ts';
import type { Finding } from '../domain/finding.ts';
import type { MaskingPolicy } from '../domain/masking.ts';
import type { AppOptions } from '../domain/system.ts';
import type { ActionNeed, ActionPhase } from '../domain/runbook.ts';
import type { PhaseName } from '../domain/timeline.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import type { Specimen } from '../masking/specimens.ts';
import type { DrillContext } from './context.ts';

export type { Fault, FaultObservation } from '../domain/fault.ts';

/** Carries out a step of a runbook. */
export interface Action {
  name: string;
  title: string;
  /** Phase that its time belongs to. */
  phase: ActionPhase;
  /** Phases that it moves on to by itself. */
  laterPhases?: readonly ActionPhase[];
  /** What the system or the runbook must have for it; a runbook that asks for it without is refused. */
  needs?: readonly ActionNeed[];
  execute(context: DrillContext): Promise<void>;
}

/** A step of the drill around the runbook's own steps: a part of its preparation or of its judgement. */
export interface DrillStep {
  name: string;
  title: string;
  phase: PhaseName;
  execute(context: DrillContext): Promise<void>;
}

/**
 * Moments of a run at which a sabotage can strike:
 * - `running`: the system runs, nothing was backed up yet.
 * - `backed-up`: every backup is in its store and was verified.
 * - `database-restored`, `objects-restored`, `search-restored`: the store is back, nobody has verified it yet.
 * - `application-installed`: the application is installed anew and does not run yet.
 * - `copied`: the masked copy is made, nobody has worked on it yet.
 * - `copy-used`: the application has worked on the masked copy, nobody has scanned it yet.
 * - `repaired`: differences between the stores were repaired, nobody has checked the repair yet.
 */
export type SabotageMoment =
  | 'running'
  | 'backed-up'
  | 'database-restored'
  | 'objects-restored'
  | 'search-restored'
  | 'application-installed'
  | 'copied'
  | 'copy-used'
  | 'repaired';

/** The places at which a sabotage can strike a run that is played for real. */
export interface Sabotage {
  /** Does its damage at a moment, and says what it did. */
  at?: Partial<Record<SabotageMoment, (context: DrillContext) => Promise<string>>>;
  /** In place of the drill's fault. */
  replaceFault?(fault: Fault): Fault;
  /** How the application is started. */
  alterApp?(options: AppOptions, context: DrillContext): AppOptions;
  /** The masking policy. */
  alterPolicy?(policy: MaskingPolicy, context: DrillContext): MaskingPolicy;
  /** False for what the leak scanner is not shown, though it is owed. */
  showSpecimen?: (specimen: Specimen, place: string) => boolean;
  /** A server that stands in front of the recovered API; its address is used in place of the API's. */
  interpose?(context: DrillContext, apiUrl: string): Promise<{ url: string } & AsyncDisposable>;
}

/**
 * A negative control. `verify` runs the drill's own verification on a sabotaged input and gives its findings;
 * `sabotage` plays the same for real.
 */
export interface Control {
  name: string;
  title: string;
  expectedCheck: string;
  expectedVerdict: Exclude<ApplicableVerdict, 'pass'>;
  /** Checks that the same damage also turns red. */
  alsoRed?: readonly string[];
  verify(context: DrillContext): Promise<Finding[]>;
  /** The same verification without the damage: it must be green again once every control was played. */
  undamaged?: (context: DrillContext) => Promise<Finding[]>;
  sabotage: Sabotage;
}

/** What a drill file declares. Steps, budgets and objectives come from the runbook, the order from the harness. */
export interface DrillDeclaration {
  /** Folder in runbooks/. */
  runbook: string;
  scenario: string;
  /** Ways to recover that `--from` chooses between, with a title each; the first is the one without `--from`. */
  from?: Readonly<Record<string, string>>;
  /** What is saved while the system runs. */
  backUp: DrillStep[];
  fault: Fault;
  /** What `--fault` can choose, by name, in place of it. */
  otherFaults?: readonly Fault[];
  /** Writes go on through fault and recovery, as where the application stays up. */
  writesGoOn?: true;
  /** Clients reach the application by an address of its own, which the recovery switches. */
  front?: true;
  /** What must hold before the fault. */
  steadyState: DrillStep[];
  /** What is judged once operations have resumed. */
  verify: DrillStep[];
  /** What is made of the recovered system: a masked copy for staging. */
  handOver: DrillStep[];
  controls: Control[];
}

export interface DrillDefinition extends DrillDeclaration {
  name: string;
}
