import type { DrillRecord } from '../domain/record.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { provedOn } from '../domain/proved-on.ts';
import { verdictWords } from './blocks.ts';
import { counted, date, duration } from './format.ts';
import { issuesOf, type Issue } from './issues.ts';
import { answersOf, type Answer } from './answers.ts';
import { endingWords, notices, shownVerdict } from './state.ts';

/** What a report says first. Everything on its first page, in Markdown and in HTML, comes from here. */
export interface Summary {
  /** `DR Drill Execution Report - 2026-03-02`. */
  title: string;
  verdict: ApplicableVerdict;
  /** `PASS`, `FAIL` or `INCONCLUSIVE`. */
  word: string;
  /** One sentence that says what the verdict means. */
  headline: string;
  notices: string[];
  /** What the run was proved on: real servers, stand-ins, data. */
  provedOn: string[];
  answers: Answer[];
  /** The values of runbook 001's report template, by its own words. */
  template: {
    status: string;
    totalDuration: string;
    issues: string;
    backupDuration: string;
    restoreDuration: string;
    smoke: string;
    recommendations: string[];
    nextDrillDate: string;
  };
}

/** Draws the first page from the record. */
export function summaryOf(record: DrillRecord): Summary {
  const verdict = shownVerdict(record);
  const word = verdictWords[verdict];
  const restoreMs = record.rto?.restoreDurationMs ?? record.rto?.phases.restore;
  const passed = record.smoke.filter((line) => line.verdict === 'pass').length;
  return {
    title: `DR Drill Execution Report - ${date(record.startedAt)}`,
    verdict,
    word,
    headline: headlineOf(record, verdict),
    notices: notices(record),
    provedOn: provedOn(record),
    answers: answersOf(record),
    template: {
      status: statusWords(record, verdict),
      totalDuration: duration(record.durationMs),
      issues: issueWords(issuesOf(record)),
      backupDuration: backupWords(record),
      restoreDuration: restoreMs === undefined ? 'not reached' : duration(restoreMs),
      smoke: `${passed}/${record.smoke.length}`,
      recommendations: recommendationsOf(record),
      nextDrillDate: record.quick ? 'as before: a quick run counts for nothing' : date(record.nextDrillAt),
    },
  };
}

function statusWords({ quick }: DrillRecord, verdict: ApplicableVerdict): string {
  const word = verdictWords[verdict];
  if (quick) return `${word} (quick: no evidence)`;
  return verdict === 'inconclusive' ? `${word} (this is not a pass)` : word;
}

/** All backups together; a run that came to its fault without one needs none. */
function backupWords({ backup, backups, fault }: DrillRecord): string {
  const taken = backups?.filter(({ earlier }) => !earlier) ?? (backup ? [backup] : []);
  if (taken.length > 0) return duration(taken.reduce((sum, { durationMs }) => sum + durationMs, 0));
  return fault ? 'none: it recovers without a backup' : 'not reached';
}

function headlineOf(record: DrillRecord, verdict: ApplicableVerdict): string {
  const issues = issuesOf(record);
  const ending = record.state === 'finished' ? '' : `The run ${endingWords(record)}. `;
  const settled = issues.filter((issue) => issue.settled !== undefined);
  if (verdict === 'pass') {
    const repaired =
      settled.length === 0
        ? ''
        : ` ${counted(settled.length, 'issue')} on the way ${settled.length === 1 ? 'was' : 'were'} settled by the repair of the runbook.`;
    const whole = `The system came back within its objectives, and every check passed.${repaired}`;
    return record.quick ? `${whole} The run was quick: it is no evidence of that.` : whole;
  }
  if (verdict === 'inconclusive') {
    return `${ending}Nothing was proved either way. This is not a pass.${ending ? '' : firstOf(issues.filter((issue) => issue.settled === undefined))}`;
  }
  const failed = issues.filter((issue) => issue.verdict === 'fail' && issue.settled === undefined);
  const more = failed.length > 1 ? ` ${counted(failed.length - 1, 'more issue')} below.` : '';
  return `${ending}The drill failed.${firstOf(failed)}${more}`;
}

function issueWords(issues: readonly Issue[]): string {
  const settled = issues.filter((issue) => issue.settled !== undefined).length;
  if (settled === 0) return String(issues.length);
  const which = settled === issues.length ? (settled === 1 ? '' : 'all ') : `${settled} of them `;
  return `${issues.length} (${which}settled by the repair of the runbook)`;
}

function firstOf([issue]: Issue[]): string {
  return issue ? ` \`${issue.name}\`: expected ${issue.expected}, actual ${issue.actual}.` : '';
}

/** The recommendations of the record, and what goes without saying when it has none. */
function recommendationsOf({ recommendations, state }: DrillRecord): string[] {
  if (recommendations.length > 0) return recommendations;
  return state === 'finished'
    ? ['None: this run gives no reason to change anything.']
    : ['Run the drill again to its end: this run proves nothing.'];
}
