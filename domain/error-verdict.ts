import type { PhaseName } from './timeline.ts';
import type { ApplicableVerdict } from './verdict.ts';

/** An error that ended a step. */
export interface RecordedError {
  phase: PhaseName;
  code: string;
  message: string;
  /** Why it says nothing of the system: the machine was too busy for what was awaited. */
  heldUp?: string;
}

/** Phases in which a failure says nothing about recovery, only that the drill could not be held. */
const preparation: ReadonlySet<PhaseName> = new Set(['start', 'seed']);

/** Errors that say nothing about recovery, wherever they come up. */
const undecidedCodes: ReadonlySet<string> = new Set([
  'interrupted',
  'no-steady-state',
  'fault-did-not-bite',
  'unsupported',
]);

/** What an error says of the recovery: nothing where the drill could not be held, or the machine was too busy. */
export function verdictOfError({ phase, code, heldUp }: RecordedError): Exclude<ApplicableVerdict, 'pass'> {
  if (heldUp !== undefined || undecidedCodes.has(code)) return 'inconclusive';
  return preparation.has(phase) ? 'inconclusive' : 'fail';
}
