import type { ApplicableVerdict } from '../domain/verdict.ts';
import { mergeVerdicts } from '../domain/verdict.ts';
import type { Answer } from '../reports/answers.ts';
import type { Front as QuarterlyFront } from '../quarterly/front.ts';
import { verdictWords } from '../reports/blocks.ts';
import { counted, date, instant, number } from '../reports/format.ts';
import type { CoverageCell, DrillHistory, ScenarioState } from './history.ts';

/** What the dashboard says first. */
export type Front = Omit<QuarterlyFront, 'weaknesses' | 'answers'> & { answers: Answered[] };

type Answered = Answer & { verdict: ApplicableVerdict };

/** Draws the top of the page: does recovery work now, how old is the proof, what is due, what is missing. */
export function frontOf(history: DrillHistory): Front {
  const { ledger, generatedAt } = history;
  const answers = [worksOf(history), ageOf(history), dueOf(history), completeOf(history)];
  const verdict = mergeVerdicts(answers.map((answer) => answer.verdict));
  const since = ledger.beganAt === undefined ? '' : ` since ${date(ledger.beganAt)}`;
  return {
    title: 'History of the drills',
    lede: `${counted(ledger.runs, 'run')} in the ledger${since}, as of ${instant(generatedAt)}`,
    ...shownVerdict(history, verdict),
    headline: headlineOf(history, verdict),
    answers,
  };
}

/** Where drills have only begun, that is said in place of a verdict: what was not tried yet has not been inconclusive. */
function shownVerdict(history: DrillHistory, verdict: ApplicableVerdict): Pick<Front, 'verdict' | 'word'> {
  const waiting = notBegunOf(history);
  if (verdict !== 'inconclusive' || waiting === 0) return { verdict, word: verdictWords[verdict] };
  const isBegun = waiting < history.states.length;
  return { verdict: 'not-applicable', word: isBegun ? 'NOT ALL BEGUN' : 'NOT BEGUN' };
}

/** Scenarios that no run has tried, where every one that was tried came to a green end. */
function notBegunOf({ states }: DrillHistory): number {
  const tried = states.filter(({ last }) => last);
  return tried.every(({ last, judged }) => judged?.outcome === 'green' && last?.number === judged.number)
    ? states.length - tried.length
    : 0;
}

function headlineOf(history: DrillHistory, verdict: ApplicableVerdict): string {
  const { ledger, states } = history;
  if (ledger.runs === 0) return 'No run was ever begun: nothing is known of any recovery.';
  const red = states.filter(({ judged }) => judged?.outcome === 'failed').map(({ drill }) => drill);
  if (ledger.problems.length > 0) return 'The ledger does not verify: what is shown here may have been changed.';
  if (verdict === 'fail') return `Recovery does not work as it should. ${listed(red)} failed when last judged.`;
  if (verdict === 'pass') return 'Every scenario was shown to recover, on what is there now, as often as asked.';
  const waiting = notBegunOf(history);
  if (waiting > 0)
    return `${counted(states.length - waiting, 'scenario')} of ${states.length} ${states.length - waiting === 1 ? 'was' : 'were'} drilled, and recovered; ${waiting} ${waiting === 1 ? 'was' : 'were'} not begun.`;
  return 'Not everything is shown that the runbooks ask for: see below what is open.';
}

function worksOf({ states }: DrillHistory): Answered {
  const green = states.filter(({ judged }) => judged?.outcome === 'green').length;
  const red = states.filter(({ judged }) => judged?.outcome === 'failed').map(({ drill }) => drill);
  const open = states.length - green - red.length;
  const failed = red.length === 0 ? 'None failed' : `Failed: ${listed(red)}`;
  return {
    question: 'Does recovery work?',
    answer: `${green} of ${counted(states.length, 'scenario')}`,
    detail: `by the last verdict on each. ${failed}${open === 0 ? '.' : `; ${open} without one.`}`,
    verdict: red.length > 0 ? 'fail' : passIf(states.length > 0 && open === 0),
  };
}

function ageOf({ states, coverage }: DrillHistory): Answered {
  const never = states.filter(({ lastGreen }) => !lastGreen).map(({ drill }) => drill);
  const stale = coverage.filter(({ cells }) => cells.some(isStale)).map(({ drill }) => drill);
  const oldest = states
    .flatMap(({ drill, lastGreen }) => (lastGreen ? [{ drill, daysAgo: lastGreen.daysAgo }] : []))
    .toSorted((one, other) => other.daysAgo - one.daysAgo)[0];
  const standIns = [
    ...new Set(
      coverage.flatMap(({ cells }) =>
        cells.flatMap(({ store, standIn }) => (standIn === undefined ? [] : [`${store} (for ${standIn})`])),
      ),
    ),
  ];
  return {
    question: 'How old is the oldest proof?',
    answer: oldest ? counted(oldest.daysAgo, 'day') : 'There is none',
    detail: [
      ...(oldest ? [`That of ${oldest.drill}.`] : []),
      ...(never.length === 0 ? [] : [`Never green: ${listed(never)}.`]),
      stale.length === 0 ? 'None is stale.' : `Stale: ${listed(stale)}.`,
      ...(standIns.length === 0 ? [] : [`On built-in stand-ins, no evidence for the products: ${listed(standIns)}.`]),
    ].join(' '),
    verdict: passIf(oldest !== undefined && never.length === 0 && stale.length === 0 && standIns.length === 0),
  };
}

/** Something has changed since a store was brought back. */
export function isStale({ changed }: CoverageCell): boolean {
  return changed.length > 0;
}

function dueOf({ states, generatedAt }: DrillHistory): Answered {
  const due = states.filter(({ reasons }) => reasons.length > 0).map(({ drill }) => drill);
  const next = nextOf(states, generatedAt);
  return {
    question: 'What is due?',
    answer: due.length === 0 ? 'Nothing' : counted(due.length, 'drill'),
    detail:
      due.length > 0 ? `${listed(due)}.` : next ? `Next: ${next.drill} on ${date(next.at)}.` : 'No date is known.',
    verdict: passIf(due.length === 0 && states.length > 0),
  };
}

function nextOf(states: readonly ScenarioState[], now: string): { drill: string; at: string } | undefined {
  return states
    .flatMap(({ drill, nextDueAt }) => (nextDueAt !== undefined && nextDueAt > now ? [{ drill, at: nextDueAt }] : []))
    .toSorted((one, other) => (one.at < other.at ? -1 : 1))[0];
}

function completeOf({ ledger, withoutResult, missing }: DrillHistory): Answered {
  const question = 'Is every record there?';
  if (ledger.runs === 0) {
    return { question, answer: 'There is none', detail: 'The ledger is empty.', verdict: 'inconclusive' };
  }
  const runs = counted(ledger.runs, 'run');
  // A run that was aborted long ago is told; it does not weigh against what was proved since.
  const without =
    withoutResult.length === 0 ? 'each with a result' : `${number(withoutResult.length)} of them without a result`;
  const detail = `${runs} in the ledger, ${without}.`;
  if (ledger.problems.length > 0) return { question, answer: 'The ledger is wrong', detail, verdict: 'fail' };
  const answer = missing.length === 0 ? 'Yes' : `${number(missing.length)} missing`;
  return { question, answer, detail, verdict: passIf(missing.length === 0) };
}

function passIf(isGood: boolean): ApplicableVerdict {
  return isGood ? 'pass' : 'inconclusive';
}

function listed(names: readonly string[]): string {
  const shown = [...new Set(names)];
  return shown.length > 5 ? `${shown.slice(0, 5).join(', ')} and ${shown.length - 5} more` : shown.join(', ');
}
