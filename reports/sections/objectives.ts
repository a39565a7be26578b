import type { DrillRecord, RpoRecord } from '../../domain/record.ts';
import { recoveryPhases } from '../../domain/timeline.ts';
import { facts, mark, type Block, type Section } from '../blocks.ts';
import { duration, number, percent } from '../format.ts';
import { whyEmpty } from '../state.ts';
import { findingsOf, findingsTable } from './findings.ts';
import { markersBlocks } from './markers.ts';
import { previousBlocks } from './previous.ts';
import { comparisonBlocks, serviceTimes } from './service-times.ts';

export function objectivesSection(record: DrillRecord): Section {
  return {
    number: 8,
    title: 'RTO and RPO',
    blocks: [
      ...rtoBlocks(record),
      ...serviceTimes(record),
      ...comparisonBlocks(record),
      ...rpoBlocks(record),
      ...previousBlocks(record),
      ...findingsTable('Checks of the objectives', findingsOf(record, 'objectives')),
    ],
  };
}

function rtoBlocks(record: DrillRecord): Block[] {
  const { rto } = record;
  if (!rto) return [{ kind: 'empty', text: whyEmpty(record, 'resume', 'the recovery time') }];
  const { totalMs, targetMs, phases, fromFaultMs, verdict } = rto;
  const share = percent(totalMs, targetMs);
  const parts = recoveryPhases.flatMap((phase) =>
    phases[phase] === undefined ? [] : [{ phase, durationMs: phases[phase] }],
  );
  return [
    facts({
      'Recovery time (RTO)': mark(verdict, `${duration(totalMs)} of ${duration(targetMs)} allowed (${share})`),
      'What it counts': 'From the detection of the outage to the last green smoke probe.',
      'From the fault itself': duration(fromFaultMs),
    }),
    {
      kind: 'chart',
      chart: 'rto',
      title: 'RTO by phase',
      alternative:
        `Six phases one after the other, ${duration(totalMs)} together: ${parts.map(({ phase, durationMs }) => `${phase} ${duration(durationMs)}`).join(', ')}.`.replace(
          'Six',
          countWord(parts.length),
        ),
    },
    {
      kind: 'chart',
      chart: 'target',
      title: 'Used of the target',
      alternative: `${duration(totalMs)} of the ${duration(targetMs)} that the objective allows: ${share}.`,
    },
    {
      kind: 'table',
      title: 'RTO by phase against its target',
      columns: [
        { title: 'Phase' },
        { title: 'Took', numeric: true },
        { title: 'Share of the recovery', numeric: true },
      ],
      rows: [
        ...parts.map(({ phase, durationMs }) => [phase, duration(durationMs), percent(durationMs, totalMs)]),
        ['together', duration(totalMs), percent(totalMs, totalMs)],
        ['target', duration(targetMs), `${share} of it used`],
      ],
    },
  ];
}

function countWord(count: number): string {
  return ['No phase', 'One', 'Two', 'Three', 'Four', 'Five', 'Six'][count] ?? String(count);
}

function rpoBlocks(record: DrillRecord): Block[] {
  const { rpo } = record;
  if (rpo.length === 0) return [{ kind: 'empty', text: whyEmpty(record, 'verify', 'lost writes') }];
  return [
    {
      kind: 'table',
      title: 'RPO by store: acknowledged writes that can no longer be used, whichever store has lost its part of them',
      columns: [
        { title: 'Store' },
        { title: 'Verdict' },
        { title: 'Newest survivor before the fault', numeric: true },
        { title: 'Target', numeric: true },
        { title: 'Acknowledged', numeric: true },
        { title: 'Lost', numeric: true },
        { title: 'Written through' },
      ],
      rows: rpo.map(({ store, verdict, measuredMs, targetMs, acknowledged, lostWrites, lostFrom = [], path }) => [
        store,
        mark(verdict),
        measuredMs === undefined ? 'none survived' : duration(measuredMs),
        duration(targetMs),
        number(acknowledged),
        lostFrom.length === 0 || lostWrites === 0
          ? number(lostWrites)
          : { lines: [number(lostWrites), ...lostFrom.map((part) => `${part.store}: ${number(part.writes)}`)] },
        { code: path },
      ]),
    },
    ...markersBlocks(record),
    ...scheduleBlock(rpo),
  ];
}

/** What the schedule allows is no measurement, so it stands apart. */
function scheduleBlock(rpo: RpoRecord[]): Block[] {
  const scheduled = rpo.filter(({ scheduleAllowsMs }) => scheduleAllowsMs !== undefined);
  if (scheduled.length === 0) return [];
  return [
    {
      kind: 'table',
      title: 'What the backup schedule alone allows to be lost: not measured, and not part of the verdict',
      columns: [
        { title: 'Store' },
        { title: 'Schedule allows', numeric: true },
        { title: 'Target', numeric: true },
        { title: 'Comparison' },
      ],
      rows: scheduled.map(({ store, scheduleAllowsMs = 0, targetMs }) => [
        store,
        duration(scheduleAllowsMs),
        duration(targetMs),
        scheduleAllowsMs > targetMs ? 'The schedule allows more than the objective.' : 'Within the objective.',
      ]),
    },
  ];
}
