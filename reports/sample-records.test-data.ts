import type { DrillRecord } from '../domain/record.ts';
import { everything } from './sample-everything.test-data.ts';
import { at, smokeOf, timelineUntil } from './sample-parts.test-data.ts';
import { passing } from './sample-passing.test-data.ts';

export const sampleNames = ['passing', 'everything', 'failing', 'inconclusive', 'interrupted', 'died'] as const;
export type SampleName = (typeof sampleNames)[number];

/** A record for tests, whole and valid; each call gives a new one. */
export function sampleRecord(name: SampleName): DrillRecord {
  return structuredClone(builders[name]());
}

const builders: Record<SampleName, () => DrillRecord> = {
  passing,
  everything,
  failing,
  inconclusive,
  interrupted,
  died,
};

function failing(): DrillRecord {
  const base = passing();
  const red: Record<string, { actual: string; evidence: string[]; recommendation: string }> = {
    'integrity.rows': {
      actual: '4 tables, 81,203 rows',
      evidence: ['app.parcels: 19,999 rows instead of 20,000'],
      recommendation: 'Do not open the system: find the row that the restore has lost.',
    },
    'masking.leaks': {
      actual: '2 canaries, 3 leaks',
      evidence: ['canary in app.parcels.note (2)', 'email in index:parcels (1)'],
      recommendation: 'Do not hand over the masked copy: give app.parcels.note a rule that redacts it.',
    },
    'smoke.latency': {
      actual: '1 of 30 requests at or over the limit, slowest 2,512 ms',
      evidence: ['report (GET /api/reports/overdue): 2,512 ms against 2,000 ms'],
      recommendation: 'Find out what the slow requests wait for: statistics, missing indexes, cold caches.',
    },
    controls: {
      actual: 'caught 7 of 8',
      evidence: ['sequence-set-back: integrity.sequences did not turn red'],
      recommendation: 'Do not trust this drill before each of its controls is caught by the check it is meant for.',
    },
  };
  const judge = <Item extends { check: string }>(item: Item): Item => {
    const facts = red[item.check];
    return facts ? { ...item, verdict: 'fail', ...facts } : item;
  };
  const findings = base.findings.map(judge);
  return {
    ...base,
    verdict: 'fail',
    sabotage: 'row-missing',
    integrity: base.integrity.map(judge),
    findings,
    masking: {
      ...base.masking!,
      canariesFoundAfter: 2,
      leaks: [
        { detector: 'canary', place: 'app.parcels.note', count: 2 },
        { detector: 'email', place: 'index:parcels', count: 1 },
      ],
    },
    smoke: base.smoke.map((line) =>
      line.target === 'recovered' && line.probe === 'report'
        ? {
            ...line,
            latencyMs: 2_512,
            p95Ms: 2_512,
            maxMs: 2_512,
            verdict: 'fail',
            reason: '2,512 ms is not under 2,000 ms',
          }
        : line,
    ),
    controls: base.controls.map((control) =>
      control.name === 'sequence-set-back'
        ? { ...withoutCaughtBy(control), caught: false, detail: 'integrity.sequences did not turn red' }
        : control,
    ),
    recommendations: findings.flatMap(({ recommendation }) => recommendation ?? []),
  };
}

function inconclusive(): DrillRecord {
  const { recoveryPoints: _points, rto: _rto, masking: _masking, ...base } = passing();
  const finding = {
    check: 'fault.bites',
    verdict: 'inconclusive' as const,
    expected: 'no answer from the database, its data gone',
    actual: 'the database still answers',
  };
  return {
    ...base,
    verdict: 'inconclusive',
    durationMs: 35_100,
    finishedAt: at(35_100),
    timeline: [
      ...timelineUntil(17_300),
      {
        sequence: 10,
        at: at(33_000),
        elapsedMs: 33_000,
        phase: 'fault',
        kind: 'fail',
        message: 'The fault did not bite',
      },
      {
        sequence: 11,
        at: at(35_100),
        elapsedMs: 35_100,
        phase: 'clean-up',
        kind: 'ok',
        message: 'Clean up',
        durationMs: 2_000,
      },
    ],
    fault: {
      ...base.fault!,
      name: 'inert',
      title: 'A fault that does nothing',
      observed: ['Does the database answer? yes'],
      bitten: false,
    },
    steps: base.steps.map(({ actualMs: _actualMs, ...step }) => ({
      ...step,
      status: 'skipped',
      reason: 'the run did not get there',
    })),
    rpo: [],
    integrity: [],
    smoke: smokeOf('steady-state', 0.9),
    security: { notes: [] },
    controls: [],
    findings: [finding],
    errors: [
      {
        phase: 'fault',
        code: 'fault-did-not-bite',
        message: 'the fault did not bite, so a recovery from it would prove nothing',
      },
    ],
    recommendations: ['Look into `fault.bites`: the database still answers.'],
  };
}

function interrupted(): DrillRecord {
  const base = inconclusive();
  return {
    ...base,
    state: 'interrupted',
    fault: passing().fault!,
    timeline: timelineUntil(21_000),
    durationMs: 23_000,
    finishedAt: at(23_000),
    findings: [],
    errors: [{ phase: 'restore', code: 'interrupted', message: 'the run was interrupted by the user (SIGINT)' }],
    recommendations: [],
  };
}

function died(): DrillRecord {
  const { backup: _backup, fault: _fault, cleanUp: _cleanUp, finishedAt: _finishedAt, ...base } = interrupted();
  return { ...base, state: 'running', timeline: timelineUntil(4_000), durationMs: 4_000, smoke: [], errors: [] };
}

function withoutCaughtBy(control: DrillRecord['controls'][number]): DrillRecord['controls'][number] {
  const { caughtBy: _caughtBy, ...rest } = control;
  return rest;
}
