import type { ControlRecord, DrillRecord } from './record.ts';
import { mergeVerdicts, type ApplicableVerdict, type Verdict } from './verdict.ts';

/**
 * `not-applicable`: there was nothing that the control could have damaged, or nothing that could still turn red.
 * `inconclusive`: the machine was too busy for the expected check to judge anything, and nothing else turned red.
 */
export type ControlOutcome = 'caught' | 'not-caught' | 'not-applicable' | 'inconclusive';

/**
 * What became of a control, computed from the findings that it left: the expected check red, as red as expected, and
 * nothing else but its known companions and what was red in the drill without it. A record of before controls kept
 * their findings is believed.
 */
export function outcomeOf(control: ControlRecord): ControlOutcome {
  const { red, notApplicable, inconclusive, caught } = control;
  if (notApplicable !== undefined) return 'not-applicable';
  // What else turned red was judged: a busy machine does not explain it.
  if (inconclusive !== undefined) return straysOf(control).length === 0 ? 'inconclusive' : 'not-caught';
  if (red === undefined) return caught ? 'caught' : 'not-caught';
  const expected = red.find(({ check }) => check === control.expectedCheck);
  return expected?.verdict === control.expectedVerdict && straysOf(control).length === 0 ? 'caught' : 'not-caught';
}

/** Checks that turned red in a control and have nothing to do with it. */
export function straysOf({ red = [], expectedCheck, alsoRed = [] }: ControlRecord): string[] {
  return red.map(({ check }) => check).filter((check) => check !== expectedCheck && !alsoRed.includes(check));
}

/** How many controls were caught, of those that applied. */
export function countControls(controls: readonly ControlRecord[]): {
  caught: number;
  applicable: number;
  notApplicable: number;
  inconclusive: ControlRecord[];
  missed: ControlRecord[];
} {
  const outcomes = controls.map((control) => ({ control, outcome: outcomeOf(control) }));
  const those = (wanted: ControlOutcome): ControlRecord[] =>
    outcomes.flatMap(({ control, outcome }) => (outcome === wanted ? [control] : []));
  const notApplicable = those('not-applicable').length;
  return {
    caught: those('caught').length,
    applicable: controls.length - notApplicable,
    notApplicable,
    inconclusive: those('inconclusive'),
    missed: those('not-caught'),
  };
}

/**
 * Controls that a run owes and of which it left nothing: neither findings nor why there was nothing to be caught. None
 * of a run of before it was known what is owed.
 */
export function controlsNotPlayed({ owed, controls }: Pick<DrillRecord, 'owed' | 'controls'>): string[] {
  const left = controls.filter(({ red, notApplicable }) => red !== undefined || notApplicable !== undefined);
  const played = new Set(left.map(({ name }) => name));
  return (owed?.controls ?? []).filter((name) => !played.has(name));
}

const verdictOfOutcome: Record<ControlOutcome, Verdict> = {
  caught: 'pass',
  'not-caught': 'fail',
  'not-applicable': 'not-applicable',
  inconclusive: 'inconclusive',
};

/** The verdict of controls: one that was not caught fails; one that is open leaves them open, and so does none that applied. */
export function controlsVerdict(controls: readonly ControlRecord[]): ApplicableVerdict {
  return mergeVerdicts(controls.map((control) => verdictOfOutcome[outcomeOf(control)]));
}
