import { controlsVerdict, countControls } from '../domain/control-outcome.ts';
import type { DrillRecord, RpoRecord } from '../domain/record.ts';
import { lostElsewhere } from './losses.ts';
import { isRed, mergeVerdicts, type Verdict } from '../domain/verdict.ts';
import { lastReconciliations } from './reconciliations.ts';
import { counted, duration, number, percent } from './format.ts';

/** One of the questions that a reader comes with, answered from the record. */
export interface Answer {
  question: string;
  /** Short: it is set large. */
  answer: string;
  detail: string;
  /** Absent where the drill does not ask. */
  verdict?: Verdict;
}

/** The four questions of the first page. What was not measured is said to be so and is never green. */
export function answersOf(record: DrillRecord): Answer[] {
  return [lossOf(record), timeOf(record), personalDataOf(record), trustOf(record)];
}

function lossOf(record: DrillRecord): Answer {
  const { rpo, integrity } = record;
  const question = 'What was lost?';
  if (rpo.length === 0) return notKnown(question, 'No loss was measured: the run did not get there.');
  const lost = rpo.reduce((sum, { lostWrites }) => sum + lostWrites, 0);
  const acknowledged = rpo.reduce((sum, line) => sum + line.acknowledged, 0);
  if (acknowledged === 0) return notKnown(question, 'No write was acknowledged, so none could be lost.');
  const differing = integrity.filter(({ verdict }) => isRed(verdict)).length;
  const content = differing === 0 ? '' : ` The restored content fails ${counted(differing, 'check')}.`;
  const unequal = lastReconciliations(record).filter(({ verdict }) => isRed(verdict));
  const places = unequal.map(({ store, scope }) => (scope === undefined ? store : `${store} ${scope}`)).join(', ');
  const elsewhere = lostElsewhere(record)
    .map(
      ({ store, from, writes }) =>
        ` ${counted(writes, 'write')} into ${store} ${writes === 1 ? 'is' : 'are'} lost because ${writes === 1 ? 'its' : 'their'} part in ${from} is.`,
    )
    .join('');
  const apart = unequal.length === 0 ? '' : ` Rows do not agree with ${places}.`;
  return {
    question,
    answer: lost === 0 ? 'No writes' : counted(lost, 'write'),
    detail: `of ${number(acknowledged)} acknowledged in ${counted(rpo.length, 'store')}. ${worstLoss(rpo)}${elsewhere}${content}${apart}`,
    verdict: mergeVerdicts([...rpo, ...integrity, ...unequal].map(({ verdict }) => verdict)),
  };
}

function worstLoss(rpo: RpoRecord[]): string {
  const gone = rpo.find(({ measuredMs }) => measuredMs === undefined);
  if (gone) return `In ${gone.store} no write from before the fault survived.`;
  const worst = rpo.toSorted((one, other) => share(other) - share(one))[0];
  if (worst?.measuredMs === undefined) return '';
  const { store, measuredMs, targetMs } = worst;
  return `Nearest to its limit: the last ${duration(measuredMs)} of ${store}; ${duration(targetMs)} are allowed.`;
}

const share = ({ measuredMs = 0, targetMs }: RpoRecord): number => measuredMs / targetMs;

function timeOf({ rto }: DrillRecord): Answer {
  const question = 'How long did it take?';
  if (!rto) return notKnown(question, 'The recovery did not come to its end.');
  const { totalMs, targetMs, fromFaultMs, verdict } = rto;
  return {
    question,
    answer: duration(totalMs),
    detail: `of ${duration(targetMs)} allowed: ${percent(totalMs, targetMs)}. ${duration(fromFaultMs)} from the fault itself.`,
    verdict,
  };
}

function personalDataOf({ masking, scope }: DrillRecord): Answer {
  const question = 'Is personal data left?';
  if (scope.maskedCopy === false) {
    return { question, answer: 'Not asked', detail: 'This drill hands over no copy of the data.' };
  }
  if (!masking) return notKnown(question, 'The masked copy was not scanned.');
  const { canariesPlanted, canariesFoundBefore, canariesFoundAfter, rowsScanned, leaks } = masking;
  const leaked = Math.max(
    canariesFoundAfter,
    leaks.reduce((sum, { count }) => sum + count, 0),
  );
  const scanned = `${number(canariesFoundAfter)} of ${counted(canariesPlanted, 'planted canary', 'planted canaries')} left, ${counted(rowsScanned, 'row')} scanned.`;
  if (leaked > 0) {
    return {
      question,
      answer: counted(leaked, 'leak'),
      detail: `${scanned} Do not hand the copy over.`,
      verdict: 'fail',
    };
  }
  if (canariesPlanted === 0 || canariesFoundBefore < canariesPlanted || rowsScanned === 0) {
    const detail = `The scanner found ${canariesFoundBefore} of ${canariesPlanted} canaries where all were: it proves nothing.`;
    return { question, answer: 'Not known', detail, verdict: 'inconclusive' };
  }
  return { question, answer: 'None found', detail: scanned, verdict: 'pass' };
}

function trustOf({ controls, findings, state }: DrillRecord): Answer {
  const question = 'Can the drill be trusted?';
  if (controls.length === 0) return notKnown(question, 'No control was played: nobody has seen these checks turn red.');
  const { caught, applicable, missed, inconclusive } = countControls(controls);
  const open = missed.length > 0 ? missed : inconclusive;
  const judged = findings.filter(({ check }) => check === 'controls').map(({ verdict }) => verdict);
  const unfinished: Verdict[] = state === 'finished' ? [] : ['inconclusive'];
  return {
    question,
    answer: `Caught ${caught} of ${applicable}`,
    detail:
      open.length === 0
        ? 'Each sabotaged input turned its own check red.'
        : `${missed.length > 0 ? 'Not caught' : 'The machine was too busy to judge'}: ${open.map(({ name }) => name).join(', ')}.`,
    verdict: mergeVerdicts([controlsVerdict(controls), ...judged, ...unfinished]),
  };
}

function notKnown(question: string, detail: string): Answer {
  return { question, answer: 'Not known', detail, verdict: 'inconclusive' };
}
