import { createHash } from 'node:crypto';
import { Stage, Status, type StepResult, type TestResult } from 'allure-js-commons';
import ms from 'ms';
import type { NightlySummary, SummaryRow } from '../domain/nightly.ts';
import type { ApplicableVerdict } from '../domain/verdict.ts';
import { uuidOf } from '../evidence/uuid.ts';

/** What is not proved is broken, never passed. */
const statusOf: Record<ApplicableVerdict, Status> = {
  pass: Status.PASSED,
  fail: Status.FAILED,
  inconclusive: Status.BROKEN,
};

/**
 * A test result of Allure for every drill of a night, by its verdict, and one for every record that could not be read: so
 * that a drill which left nothing, or no test results, is red there too. The same summaries give the same results.
 */
export function nightResults(summaries: readonly NightlySummary[]): TestResult[] {
  const results = summaries.flatMap((summary) => [
    ...summary.rows.map((row) => resultOfRow(row, summary)),
    ...summary.unreadable.map((what) => resultOf({ of: 'records that cannot be read', name: what }, summary)),
  ]);
  // The summary of a merge and those of its machines tell of the same runs.
  return [...new Map(results.map((result) => [result.uuid, result])).values()];
}

function resultOfRow(row: SummaryRow, summary: NightlySummary): TestResult {
  const { drill, verdict, missing, startedAt, durationMs = 0, sabotage, flaky } = row;
  const told = { engine: row.engine, rows: row.rows, revision: row.gitRevision, sabotage, machine: row.source };
  const start = Date.parse(startedAt ?? summary.createdAt);
  return {
    ...resultOf({ of: drill, name: 'Verdict of the drill' }, summary),
    uuid: uuidOf(`firedrill:allure:${drill}:${row.runId ?? missing}`),
    status: missing === undefined ? statusOf[verdict] : Status.BROKEN,
    statusDetails: { message: missing ?? `${verdict}${flaky ? ', and it was red on the same files' : ''}` },
    parameters: Object.entries(told)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => ({ name, value: String(value), excluded: true })),
    steps: stepsOf(row, start),
    start,
    stop: start + Math.round(durationMs),
  };
}

function stepsOf({ rto, rpo = [], controls }: SummaryRow, at: number): StepResult[] {
  const step = (name: string, status: Status): StepResult => ({
    name,
    status,
    statusDetails: {},
    stage: Stage.FINISHED,
    steps: [],
    attachments: [],
    parameters: [],
    start: at,
    stop: at,
  });
  return [
    ...(rto ? [step(`RTO ${short(rto.totalMs)} of ${short(rto.targetMs)}`, statusOf[rto.verdict])] : []),
    ...rpo.map(({ store, measuredMs, targetMs, verdict }) =>
      step(
        `RPO of ${store} ${measuredMs === undefined ? 'not measured' : short(measuredMs)} of ${short(targetMs)}`,
        statusOf[verdict],
      ),
    ),
    ...(controls
      ? [
          step(
            `controls caught ${controls.caught} of ${controls.planned}`,
            caughtAll(controls) ? Status.PASSED : Status.FAILED,
          ),
        ]
      : []),
  ];
}

/** A result that is broken until its verdict is known. */
function resultOf({ of, name }: { of: string; name: string }, { createdAt }: NightlySummary): TestResult {
  const id = createHash('md5').update(`firedrill ${of} ${name}`).digest('hex');
  const start = Date.parse(createdAt);
  return {
    uuid: uuidOf(`firedrill:allure:${of}:${name}`),
    historyId: id,
    testCaseId: id,
    fullName: `firedrill:${of}#${name}`,
    name,
    status: Status.BROKEN,
    statusDetails: { message: name },
    stage: Stage.FINISHED,
    steps: [],
    attachments: [],
    parameters: [],
    labels: [
      { name: 'parentSuite', value: of },
      { name: 'feature', value: of },
      { name: 'severity', value: 'blocker' },
    ],
    links: [],
    titlePath: ['firedrill', of],
    start,
    stop: start,
  };
}

function caughtAll({ caught, planned }: { caught: number; planned: number }): boolean {
  return caught === planned;
}

function short(durationMs: number): string {
  return ms(Math.round(durationMs));
}
