import type { ApplicableVerdict, Verdict } from '../domain/verdict.ts';
import { verdictWords } from '../reports/blocks.ts';
import type { Answer } from '../reports/answers.ts';
import { counted } from '../reports/format.ts';
import type { QuarterlyReport } from './report.ts';

/** What the first page says, in Markdown and in HTML. */
export interface Front {
  title: string;
  lede: string;
  verdict: Verdict;
  word: string;
  headline: string;
  answers: Answer[];
  weaknesses: { verdict: ApplicableVerdict; text: string }[];
}

/** Draws the first page from the report. */
export function frontOf(report: QuarterlyReport): Front {
  const { name, period, verdict, headline, weaknesses } = report;
  const notBegun = report.notBegun === true && verdict !== 'fail';
  const running = period.isOver ? '' : ' (the period is not over)';
  return {
    title: `Quarterly Disaster Recovery Report - ${name}`,
    lede: `${period.from} to ${period.to}${running}, ${counted(report.runs.length, 'run')}`,
    verdict: notBegun ? 'not-applicable' : verdict,
    word: notBegun ? 'NOT BEGUN' : verdictWords[verdict],
    headline,
    answers: [heldOf(report), workedOf(report), restoredOf(report), openOf(report)],
    weaknesses,
  };
}

function heldOf({ plan: { planned, performed } }: QuarterlyReport): Answer {
  const question = 'Were the drills held?';
  if (planned === 0) return { question, answer: 'None planned', detail: 'No drill fell due.', verdict: 'inconclusive' };
  return {
    question,
    answer: `${performed} of ${planned}`,
    detail: performed === planned ? 'As often as the runbooks ask.' : 'Section 2 explains every gap.',
    verdict: performed === planned ? 'pass' : 'inconclusive',
  };
}

function workedOf({ runs }: QuarterlyReport): Answer {
  const question = 'Did recovery work?';
  const count = (outcome: string): number => runs.filter((run) => run.outcome === outcome).length;
  const [green, failed] = [count('green'), count('failed')];
  if (green + failed === 0) {
    const detail = 'No run has judged the recovery.';
    return { question, answer: 'Not known', detail, verdict: 'inconclusive' };
  }
  const rest = runs.length - green - failed;
  const further = rest === 0 ? '' : ` ${counted(rest, 'further run')} ${rest === 1 ? 'proves' : 'prove'} nothing.`;
  return {
    question,
    answer: `${green} of ${green + failed}`,
    detail: `${failed} failed.${further}`,
    verdict: failed === 0 ? 'pass' : 'fail',
  };
}

function restoredOf({ restores }: QuarterlyReport): Answer {
  const question = 'When was each store restored?';
  const days = restores.flatMap(({ last }) => (last ? [last.daysAgo] : []));
  const detail = restores
    .map(({ store, last, onStandIn }) => {
      const beside = onStandIn ? `, on a stand-in for ${onStandIn.product} in run ${onStandIn.run}` : '';
      return `${store}: ${last ? `${last.daysAgo} days ago` : 'never'}${beside}`;
    })
    .join('; ');
  const recent = restores.every(({ inPeriod }) => inPeriod);
  const some = days.length === 0 ? 'Never' : 'Not all';
  const answer = days.length < restores.length ? some : `${Math.max(0, ...days)} days ago at most`;
  return { question, answer, detail: `${detail}.`, verdict: recent ? 'pass' : 'inconclusive' };
}

function openOf({ findings, runs }: QuarterlyReport): Answer {
  const question = 'What is left to do?';
  if (findings.length === 0 && !runs.some(({ outcome }) => outcome === 'green' || outcome === 'failed')) {
    const detail = 'No finding: no run has judged the recovery, so that none could be opened.';
    return { question, answer: 'Not known', detail, verdict: 'inconclusive' };
  }
  const count = (state: string): number => findings.filter((finding) => finding.state === state).length;
  const [open, overdue, closed] = [count('open'), count('overdue'), count('closed')];
  return {
    question,
    answer: open + overdue === 0 ? 'No finding' : counted(open + overdue, 'finding'),
    detail: `${overdue} overdue, ${closed} closed in the period by a green retest.`,
    verdict: openVerdict(open, overdue),
  };
}

function openVerdict(open: number, overdue: number): ApplicableVerdict {
  if (overdue > 0) return 'fail';
  return open > 0 ? 'inconclusive' : 'pass';
}
