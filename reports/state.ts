import type { QuickRecord } from '../domain/quick.ts';
import type { DrillRecord } from '../domain/record.ts';
import { phaseNames, type PhaseName, type TimelineEvent } from '../domain/timeline.ts';
import { mergeVerdicts, type ApplicableVerdict } from '../domain/verdict.ts';
import { counted, preciseInstant } from './format.ts';

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

/** The phases that the run was in, in the order in which it was; what it only skipped was never begun. */
export function begunPhases({ timeline }: Pick<DrillRecord, 'timeline'>): PhaseName[] {
  return timeline.filter(({ kind }) => kind !== 'skip').map(({ phase }) => phase);
}

/** The phase in which the run ended or died; `undefined` when it did nothing. */
function lastPhase(record: DrillRecord): PhaseName | undefined {
  const { state, errors, timeline } = record;
  const begun = begunPhases(record);
  if (state === 'failed') return errors[0]?.phase ?? begun.at(-1);
  if (state !== 'interrupted') return begun.at(-1);
  const cut = errors.find(({ code }) => code === 'interrupted')?.phase;
  return cut ?? timeline.find(tellsInterruption)?.phase ?? begun.findLast((phase) => !closing.has(phase));
}

/** How the timeline says that somebody ended the run. */
export function interruptionBy(reason: string): string {
  return `${interruptedBy}${reason}: cleaning up`;
}

const interruptedBy = 'interrupted by ';

function tellsInterruption({ kind, message }: TimelineEvent): boolean {
  return kind === 'info' && message.startsWith(interruptedBy);
}

/** How the run ended, as the end of a sentence that begins with the run. */
export function endingWords(record: DrillRecord): string {
  const phase = lastPhase(record);
  const where = phase === undefined ? 'before its first phase' : `in the phase “${phase}”`;
  if (record.state === 'interrupted') return `was interrupted ${where}`;
  if (record.state === 'failed') return `was ended by an error ${where}`;
  if (record.state === 'running') return `has no end: it still goes on, or it died ${where}`;
  return 'finished';
}

/** Why the record says nothing about `what`, which the named phase gives. */
export function whyEmpty(record: DrillRecord, phase: PhaseName, what: string): string {
  const begun = begunPhases(record);
  const order = phaseNames.indexOf(phase);
  const reached = begun.includes(phase) || begun.some((one) => !closing.has(one) && phaseNames.indexOf(one) >= order);
  return reached
    ? `There is no record of ${what}, although the phase “${phase}” was begun: the run ${endingWords(record)}.`
    : `There is no record of ${what}: the phase “${phase}” was not reached. The run ${endingWords(record)}.`;
}

/** What a quick run is not, in two sentences. */
function quickNotice({ reason, leftOut }: QuickRecord, { environment, controls }: DrillRecord): string {
  const size = `Its data is small (${environment.rows} ${environment.rowUnit}) and its smoke short.`;
  if (controls.length === 0) return size;
  return `${size} It played ${counted(controls.length, 'negative control')}, ${reason}; left out: ${leftOut.length === 0 ? 'none' : leftOut.length}.`;
}

/** What must be said first about a run that is not an ordinary, finished one, beside how it ended. */
export function notices(record: DrillRecord): string[] {
  const { state, sabotage, quick, errors, timeline } = record;
  const last = timeline.at(-1);
  const told: string[] = [];
  if (state === 'running' && last) {
    told.push(`The last thing that the run wrote down was “${last.message}” at ${preciseInstant(last.at)}.`);
  }
  if (state !== 'finished') {
    for (const { phase, message } of errors) told.push(`Error in “${phase}”: ${message}`);
    told.push('What the run had judged by then is below; the rest is not known.');
  }
  if (quick) told.push(`Quick (\`--quick\`): never evidence. ${quickNotice(quick, record)}`);
  if (sabotage !== undefined) {
    told.push(
      `The sabotage “${sabotage}” was played on purpose: this run is meant to be red, and is no evidence of the system.`,
    );
  }
  return told;
}
