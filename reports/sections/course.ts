import type { DrillRecord, StepRecord } from '../../domain/record.ts';
import { facts, mark, type Block, type Cell, type Section } from '../blocks.ts';
import { courseEvents, spansOf } from '../charts/spans.ts';
import { duration, preciseInstant } from '../format.ts';
import { tracksOf } from '../tracks.ts';
import { availabilityBlocks } from './availability.ts';
import { findingsOf, findingsTable } from './findings.ts';
import { graphRemarks, tracksBlocks } from './tracks.ts';

export function courseSection(record: DrillRecord): Section {
  return {
    number: 7,
    title: 'Timeline',
    blocks: [
      ...faultBlock(record),
      ...phasesBlock(record),
      ...stepsBlock(record),
      ...availabilityBlocks(record),
      ...findingsTable('Checks of the course', findingsOf(record, 'course')),
    ],
  };
}

function faultBlock({ fault }: DrillRecord): Block[] {
  if (!fault) return [{ kind: 'empty', text: 'No fault was injected.' }];
  const { title, injectedAt, detectedAt, observed, bitten } = fault;
  return [
    facts({
      Fault: title,
      Injected: preciseInstant(injectedAt),
      Detected: detectedAt === undefined ? 'it was not detected' : preciseInstant(detectedAt),
      'Did it take effect?': bitten ? mark('pass', 'yes') : mark('inconclusive', 'no: the system still answered'),
      'Seen from outside': observed.length === 0 ? 'nothing was noted' : { lines: observed },
    }),
  ];
}

function phasesBlock(record: DrillRecord): Block[] {
  const spans = spansOf(courseEvents(record));
  if (spans.length === 0) return [{ kind: 'empty', text: 'The timeline is empty: the run wrote nothing down.' }];
  const longest = spans.toSorted((one, other) => lengthOf(other) - lengthOf(one))[0]!;
  return [
    {
      kind: 'chart',
      chart: 'phases',
      title: 'Phases of the run',
      alternative: `${spans.length} stretches from the start of the run to ${duration(Math.max(...spans.map(({ toMs }) => toMs)))}; the longest is ${longest.phase} with ${duration(lengthOf(longest))}.`,
    },
    {
      kind: 'table',
      title: 'Phases of the run, in their order',
      columns: [
        { title: 'Phase' },
        { title: 'Began after', numeric: true },
        { title: 'Took', numeric: true },
        { title: 'What happened' },
      ],
      rows: spans.map((span) => [span.phase, duration(span.fromMs), duration(lengthOf(span)), span.message]),
    },
  ];
}

const lengthOf = ({ fromMs, toMs }: { fromMs: number; toMs: number }): number => toMs - fromMs;

function stepsBlock(record: DrillRecord): Block[] {
  const { steps } = record;
  if (steps.length === 0)
    return [{ kind: 'empty', text: 'There is no record of the runbook’s steps: the run ended before them.' }];
  const tracks = tracksOf(record);
  return [
    ...(tracks ? tracksBlocks(record, tracks) : []),
    {
      kind: 'table',
      title: 'Steps of the runbook, budget against actual',
      open: true,
      columns: [
        { title: 'Step' },
        { title: 'Status' },
        { title: 'Budget', numeric: true },
        { title: 'Actual', numeric: true },
        { title: 'Remarks' },
      ],
      rows: steps.map((step) => [
        step.title,
        statusOf(step),
        timeOf(step.budgetMs),
        timeOf(step.actualMs),
        remarksOf(record, step),
      ]),
    },
  ];
}

function statusOf({ status, budgetMs, actualMs }: StepRecord): Cell {
  if (status === 'failed') return mark('fail', 'failed');
  if (status === 'skipped') return mark('inconclusive', 'skipped');
  if (status === 'not-executed') return mark('inconclusive', 'not executed');
  const late = budgetMs !== undefined && actualMs !== undefined && actualMs > budgetMs;
  return late ? mark('fail', 'over budget') : mark('pass', 'executed');
}

function timeOf(durationMs: number | undefined): string {
  return durationMs === undefined ? '—' : duration(durationMs);
}

function remarksOf(record: DrillRecord, step: StepRecord): Cell {
  const { reason, deviation } = step;
  const lines = [
    ...graphRemarks(record, step),
    ...(reason === undefined ? [] : [reason]),
    ...(deviation === undefined ? [] : [`Deviation: ${deviation}`]),
  ];
  return lines.length === 0 ? '—' : { lines };
}
