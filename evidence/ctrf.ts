import { quickWords } from '../domain/quick.ts';
import { outcomeOf } from '../domain/control-outcome.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { Verdict } from '../domain/verdict.ts';
import { uuidOf } from './uuid.ts';

type Status = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

interface CtrfTest {
  name: string;
  status: Status;
  /** Milliseconds. */
  duration: number;
  suite: string[];
  rawStatus: string;
  message?: string;
}

/** A report in the Common Test Report Format (ctrf.io, schema of package ctrf 0.3.0). */
export interface CtrfReport {
  reportFormat: 'CTRF';
  specVersion: string;
  reportId: string;
  runId: string;
  timestamp: string;
  generatedBy: string;
  results: {
    tool: { name: string; version: string };
    summary: Record<'tests' | Status | 'start' | 'stop', number>;
    tests: CtrfTest[];
    environment: { appName: string; testEnvironment: string; commit?: string; extra: Record<string, unknown> };
  };
}

const statusOfVerdict: Record<Verdict, Status> = {
  pass: 'passed',
  fail: 'failed',
  inconclusive: 'other',
  'not-applicable': 'skipped',
};
const statusOfStep: Record<DrillRecord['steps'][number]['status'], Status> = {
  executed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  'not-executed': 'pending',
};

/**
 * The record as a CTRF report: a test for each step of the runbook, each finding and each negative control.
 * Inconclusive ones are `other` and those that do not apply `skipped`, which no reader counts as passed.
 */
export function ctrfReport(record: DrillRecord): CtrfReport {
  const tests = [...stepTests(record), ...findingTests(record), ...controlTests(record)];
  const { environment, runId, drill, sequence, verdict } = record;
  const counted = (status: Status): number => tests.filter((test) => test.status === status).length;
  const start = Date.parse(record.startedAt);
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    reportId: uuidOf(`firedrill:ctrf:${runId}`),
    runId,
    timestamp: record.finishedAt ?? record.startedAt,
    generatedBy: 'firedrill',
    results: {
      tool: { name: 'firedrill', version: environment.firedrill },
      summary: {
        tests: tests.length,
        passed: counted('passed'),
        failed: counted('failed'),
        skipped: counted('skipped'),
        pending: counted('pending'),
        other: counted('other'),
        start,
        stop: start + Math.round(record.durationMs),
      },
      tests,
      environment: {
        appName: record.scope.system,
        testEnvironment: record.engine,
        ...(environment.gitRevision !== undefined && { commit: environment.gitRevision }),
        extra: {
          drill,
          verdict,
          runbookSha256: record.runbook.sha256,
          ...(sequence !== undefined && { sequence }),
          ...(record.quick && { quick: true, evidence: quickWords }),
        },
      },
    },
  };
}

function stepTests({ drill, steps }: DrillRecord): CtrfTest[] {
  return steps.map(({ id, title, status, reason, actualMs }) => ({
    name: `${id}: ${title}`,
    status: statusOfStep[status],
    duration: Math.round(actualMs ?? 0),
    suite: [drill, 'steps of the runbook'],
    rawStatus: status,
    ...(reason !== undefined && { message: reason }),
  }));
}

function findingTests({ drill, findings }: DrillRecord): CtrfTest[] {
  return findings.map(({ check, verdict, expected, actual }) => ({
    name: check,
    status: statusOfVerdict[verdict],
    duration: 0,
    suite: [drill, 'findings'],
    rawStatus: verdict,
    message: `expected ${expected}, actual ${actual}`,
  }));
}

function controlTests({ drill, controls, quick }: DrillRecord): CtrfTest[] {
  const statusOf = {
    caught: 'passed',
    'not-caught': 'failed',
    'not-applicable': 'skipped',
    inconclusive: 'other',
  } as const;
  const leftOut = (quick?.leftOut ?? []).map((name): CtrfTest => ({
    name,
    status: 'pending',
    duration: 0,
    suite: [drill, 'negative controls'],
    rawStatus: 'left out: quick',
  }));
  const played = controls.map((control): CtrfTest => ({
    name: control.name,
    status: statusOf[outcomeOf(control)],
    duration: 0,
    suite: [drill, 'negative controls'],
    rawStatus: outcomeOf(control).replace('-', ' '),
    message: control.detail,
  }));
  return [...played, ...leftOut];
}
