import { abortedRun, facts, finding, inputsOf, redFacts, run } from './quarter.test-data.ts';
import { quarterOf } from './quarter-of.ts';
import type { QuarterlyReport } from './report.ts';

const leaking = {
  ...facts().masking!,
  canariesFoundAfter: 2,
  leaks: [{ detector: 'canary', place: 'app.parcels.note', count: 3 }],
};

/** A quarter with everything that can go wrong in it, and one in which nothing was done. */
export const sampleQuarters: Record<'eventful' | 'empty', QuarterlyReport> = {
  eventful: quarterOf(
    inputsOf(
      [
        run(11, '2026-01-05T02:00Z'),
        run(12, '2026-01-15T02:00Z', { verdict: 'fail' }),
        abortedRun(13, '2026-03-05T02:00Z'),
      ],
      {
        facts: { 12: redFacts('integrity.rows', { masking: leaking }) },
        register: { schemaVersion: 1, findings: [finding({ opened: { ...finding().opened, run: 12 } })] },
        missingRecords: [{ run: 11, folder: '../runs/11', why: 'drill.json was changed after it was sealed' }],
      },
    ),
  ),
  empty: quarterOf(inputsOf([], { programme: [] })),
};
