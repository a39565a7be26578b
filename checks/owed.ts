import { controlsNotPlayed } from '../domain/control-outcome.ts';
import { finding, type Finding } from '../domain/finding.ts';
import type { DrillRecord } from '../domain/record.ts';
import { isRed } from '../domain/verdict.ts';

type Judged = Pick<DrillRecord, 'owed' | 'quick' | 'findings' | 'controls' | 'errors'>;

/**
 * `judged`: every check that the run owed was judged, and every control played. What is missing proves nothing:
 * `inconclusive`, by name. An error or an interruption explains what is missing after it, and a red check why nothing
 * was handed over and no load was put on; nothing is said then. Controls that a quick run left out are named, and not red. Nothing either of a run that did not know what it owes.
 */
export function judgeOwed(record: Judged): Finding[] {
  const { owed, findings, errors } = record;
  if (owed === undefined || errors.length > 0) return [];
  const judged = new Set(findings.map(({ check }) => check));
  const isExplained = findings.some(({ verdict }) => isRed(verdict)) ? isWithheld : () => false;
  const missing = owed.checks.filter((check) => !judged.has(check) && !isExplained(check));
  const leftOut = new Set(record.quick?.leftOut);
  const unplayed = controlsNotPlayed(record).filter((name) => !leftOut.has(name));
  const owedLeftOut = owed.controls.filter((name) => leftOut.has(name));
  const count = missing.length + unplayed.length;
  const { length: checks } = owed.checks;
  const { length: controls } = owed.controls;
  return [
    finding('judged', count === 0 && checks > 0, {
      expected: `${checks} checks judged and the ${controls} controls played that they owe`,
      actual:
        count === 0 ? judgedWords(owedLeftOut) : `not judged: ${[...missing, ...unplayed.map(controlName)].join(', ')}`,
      recommendation:
        'Look into the drill: a check that is not judged, or a control that is not played, is missed by nobody else.',
      otherwise: 'inconclusive',
    }),
  ];
}

/** A quick run says what it still owes. */
function judgedWords(leftOut: readonly string[]): string {
  return leftOut.length === 0
    ? 'all of them'
    : `all of them but what was left out, quick: ${leftOut.map(controlName).join(', ')}`;
}

function controlName(name: string): string {
  return `control ${name}`;
}

/** Not done once something is red: the hand-over, and the requests at a fixed rate. */
function isWithheld(check: string): boolean {
  return (
    check.startsWith('masking.') || check.startsWith('staging.') || ['smoke.sustained', 'comparison'].includes(check)
  );
}
