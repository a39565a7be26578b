import { mergeVerdicts } from '../domain/verdict.ts';
import { controlsOf, maskingOf } from './assurance.ts';
import { changesOf } from './changes.ts';
import { coverageOf, restoresOf } from './coverage.ts';
import { flakyOf } from './flaky.ts';
import { disputedFindings, findingsAt } from './finding-states.ts';
import type { QuarterInputs } from './inputs.ts';
import { matrixOf } from './matrix.ts';
import { isoDay, lastDay, periodName } from './period.ts';
import { planOf } from './plan.ts';
import type { QuarterlyReport } from './report.ts';
import { hasJudged, isIn, reportedRun } from './runs.ts';
import { rpoTrends, rtoTrends } from './trends.ts';
import { weaknessesOf } from './weaknesses.ts';

/** The report on a period; pure: it reads nothing and asks nobody. The same inputs give the same report. */
export function quarterOf(inputs: QuarterInputs): QuarterlyReport {
  const { period, now, records, register, retentionYears } = inputs;
  const runs = inputs.ledger.runs.filter((run) => isIn(period, run));
  const { beganAt } = inputs.ledger;
  const notBegun = runs.length === 0 && (beganAt === undefined || new Date(beganAt) >= period.to);
  const ground = {
    schemaVersion: 1 as const,
    name: periodName(period),
    period: { from: isoDay(period.from), to: lastDay(period.to), isOver: now >= period.to },
    ...(notBegun && { notBegun }),
    generatedAt: now.toISOString(),
    firedrill: inputs.firedrill,
    retainUntil: isoDay(yearsAfter(now, retentionYears)),
    plan: planOf(inputs),
    runs: runs.map((run) => reportedRun(run, records.get(run.run.number))),
    flaky: flakyOf(inputs),
    coverage: coverageOf(inputs),
    restores: restoresOf(inputs),
    rto: rtoTrends(inputs),
    rpo: rpoTrends(inputs),
    findings: findingsAt(register, period, now < period.to ? now : period.to),
    disputed: disputedFindings(register, inputs.ledger.runs, records),
    controls: controlsOf(inputs),
    masking: maskingOf(inputs),
    changes: changesOf(inputs),
    ledger: ledgerOf(inputs),
    signOff: signOffOf(inputs),
    retention: retentionOf(inputs),
    limitations: [...limitations],
  };
  const weaknesses = weaknessesOf(ground);
  const verdict = mergeVerdicts(['pass', ...weaknesses.map((weakness) => weakness.verdict)]);
  const secured = runs
    .filter((run) => hasJudged(run) && isSecured(records.get(run.run.number)))
    .map(({ run }) => run.number);
  return {
    ...ground,
    verdict,
    headline: headlineOf(verdict, notBegun),
    weaknesses,
    matrix: matrixOf({ ...ground, secured }),
  };
}

/** What no machine that runs drills can say. */
const limitations: readonly string[] = [
  'People: whether those who would recover the system are reachable, trained and allowed to decide.',
  'Communication: with users, authorities and suppliers.',
  'Physical matters: sites, power, access to what is kept offline.',
  'Sign-off: a report is evidence once a person has read and signed it.',
  'The plan is that of the runbooks as they are now; what they asked for earlier is in their history.',
  'Planned are the scenarios that a runbook asks for by the calendar. Tabletop exercises are held by people; random scenarios and drills after a change stand among the runs.',
  'The mapping to controls names ids and paraphrases: the reader confirms it against the standards.',
];

function headlineOf(verdict: QuarterlyReport['verdict'], notBegun: boolean): string {
  if (notBegun && verdict !== 'fail')
    return 'Drills had not begun: the first run comes after this period, so it shows nothing either way.';
  if (verdict === 'fail') return 'Recovery was not shown to work as planned: see what must not be overlooked.';
  if (verdict === 'pass') return 'Recovery was shown to work, as planned.';
  return 'What was shown is not complete: see what must not be overlooked.';
}

function ledgerOf({ ledger, missingRecords }: QuarterInputs): QuarterlyReport['ledger'] {
  const { beganAt, headAtStart, headAtEnd, keys, verification } = ledger;
  return {
    ...(beganAt !== undefined && { beganAt }),
    ...(headAtStart && { headAtStart }),
    ...(headAtEnd && { headAtEnd }),
    ...(verification.head && { head: verification.head }),
    keys,
    verifies: verification.problems.length === 0,
    problems: verification.problems.map(({ where, what }) => `${where}: ${what}`),
    checked: verification.checked,
    notChecked: verification.notChecked,
    missingRecords,
  };
}

function signOffOf({ programme }: QuarterInputs): string[] {
  const accountable = programme.flatMap((drill) => drill.accountable);
  return [...new Set(['Prepared by', 'Reviewed by', ...accountable.map((role) => `Accepted by the ${role}`)])];
}

function retentionOf({ retentionYears, records, ledger, period }: QuarterInputs): QuarterlyReport['retention'] {
  const [earliest] = ledger.runs
    .filter((run) => isIn(period, run))
    .flatMap(({ run }) => records.get(run.number)?.retainUntil ?? [])
    .toSorted();
  return { years: retentionYears, ...(earliest !== undefined && { earliestRecordUntil: earliest.slice(0, 10) }) };
}

function isSecured(facts: { credentialsReset?: boolean; sessionsCleared?: boolean } | undefined): boolean {
  return facts?.credentialsReset === true || facts?.sessionsCleared === true;
}

function yearsAfter(at: Date, years: number): Date {
  const later = new Date(at);
  later.setUTCFullYear(later.getUTCFullYear() + years);
  return later;
}
