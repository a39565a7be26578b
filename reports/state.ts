import type { DrillRecord } from '../domain/record.ts';
import { phaseNames, type PhaseName } from '../domain/timeline.ts';
import { mergeVerdicts, type ApplicableVerdict } from '../domain/verdict.ts';
import { preciseInstant } from './format.ts';

/** Phases that come at the end of every run, however far it got. */
const closing: ReadonlySet<PhaseName> = new Set(['clean-up', 'report']);

/**
 * The verdict that the report shows. A run that did not finish never passes, whatever it has judged so far; but what
 * it has found to be red stays so, even where it died before it could sum up.
 */
export function shownVerdict({ state, verdict, findings }: DrillRecord): ApplicableVerdict {
  if (state === 'finished') return verdict;
  return mergeVerdicts([verdict, 'inconclusive', ...findings.map((finding) => finding.verdict)]);
}

/** The furthest phase that the run has begun, the closing ones aside; `undefined` when it did nothing. */
export function furthestPhase({ timeline }: DrillRecord): PhaseName | undefined {
  const reached = timeline.map(({ phase }) => phase).filter((phase) => !closing.has(phase));
  return reached.toSorted((one, other) => phaseNames.indexOf(one) - phaseNames.indexOf(other)).at(-1);
}

/** How the run ended, as the end of a sentence that begins with the run. */
export function endingWords(record: DrillRecord): string {
  const phase = furthestPhase(record);
  const where = phase === undefined ? 'before its first phase' : `in the phase “${phase}”`;
  if (record.state === 'interrupted') return `was interrupted ${where}`;
  if (record.state === 'failed') return `was ended by an error ${where}`;
  if (record.state === 'running') return `has no end: it still goes on, or it died ${where}`;
  return phase === 'controls' ? 'finished' : `ended ${where}`;
}

/** Why the record says nothing about `what`, which the named phase gives. */
export function whyEmpty(record: DrillRecord, phase: PhaseName, what: string): string {
  const furthest = furthestPhase(record);
  const reached = furthest !== undefined && phaseNames.indexOf(furthest) >= phaseNames.indexOf(phase);
  return reached
    ? `There is no record of ${what}, although the phase “${phase}” was begun: the run ${endingWords(record)}.`
    : `There is no record of ${what}: the phase “${phase}” was not reached. The run ${endingWords(record)}.`;
}

/** What must be said first about a run that is not an ordinary, finished one, beside how it ended. */
export function notices(record: DrillRecord): string[] {
  const { state, sabotage, errors, timeline } = record;
  const last = timeline.at(-1);
  const told: string[] = [];
  if (state === 'running' && last) {
    told.push(`The last thing that the run wrote down was “${last.message}” at ${preciseInstant(last.at)}.`);
  }
  if (state !== 'finished') {
    for (const { phase, message } of errors) told.push(`Error in “${phase}”: ${message}`);
    told.push('What the run had judged by then is below; the rest is not known.');
  }
  if (sabotage !== undefined) {
    told.push(
      `The sabotage “${sabotage}” was played on purpose: this run is meant to be red, and is no evidence of the system.`,
    );
  }
  return told;
}
