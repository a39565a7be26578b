import type { Finding } from './finding.ts';
import type { ApplicableVerdict } from './verdict.ts';

/** What became of a negative control. */
export interface ControlRecord {
  name: string;
  title: string;
  expectedCheck: string;
  expectedVerdict: ApplicableVerdict;
  /** Check that turned red; absent when none did. */
  caughtBy?: string;
  /** `outcomeOf` (control-outcome.ts) is computed from what the control left; this is what was told. */
  caught: boolean;
  detail: string;
  /** Checks that the same damage also turns red. */
  alsoRed?: string[];
  /** What turned red in it and was not red in the drill without it; absent in records of earlier versions. */
  red?: Finding[];
  /** Why there was nothing to be caught. */
  notApplicable?: string;
  /** Why the expected check could judge nothing: the machine was too busy. */
  inconclusive?: string;
}
