import type { DrillRecord } from '../../domain/record.ts';
import { isRed } from '../../domain/verdict.ts';
import { mark, type Block } from '../blocks.ts';
import { counted, duration, percent } from '../format.ts';
import { whyEmpty } from '../state.ts';

/** When each service was back. Nothing where the runbook's steps do not say which service they restore. */
export function serviceTimes(record: DrillRecord): Block[] {
  const { rtoByService = [], steps } = record;
  if (rtoByService.length === 0) {
    const promised = steps.some(({ restores }) => restores !== undefined);
    return promised ? [{ kind: 'empty', text: whyEmpty(record, 'resume', 'the recovery time of each service') }] : [];
  }
  const missed = rtoByService.filter(({ verdict }) => isRed(verdict)).length;
  const latest = rtoByService.toSorted((one, other) => other.totalMs - one.totalMs)[0]!;
  return [
    {
      kind: 'chart',
      chart: 'services',
      title: 'RTO by service',
      alternative: `${counted(rtoByService.length, 'service')}, from the detection until each was back; the last one is ${latest.title} after ${duration(latest.totalMs)}. ${missed} of ${rtoByService.length} came back later than the objective allows. Beside each time stands its share of the objective.`,
    },
    {
      kind: 'table',
      title: 'RTO by service against its objective',
      columns: [
        { title: 'Service' },
        { title: 'Verdict' },
        { title: 'Back after', numeric: true },
        { title: 'Objective', numeric: true },
        { title: 'Used of it', numeric: true },
      ],
      rows: rtoByService.map(({ title, verdict, totalMs, targetMs }) => [
        title,
        mark(verdict),
        duration(totalMs),
        duration(targetMs),
        percent(totalMs, targetMs),
      ]),
    },
  ];
}

/** Several ways to the same end, timed side by side. Nothing where the drill compares none. */
export function comparisonBlocks({ comparison }: DrillRecord): Block[] {
  if (!comparison || comparison.ways.length === 0) return [];
  const { title, ways } = comparison;
  const [fastest] = ways.toSorted((one, other) => one.durationMs - other.durationMs);
  const chosen = ways.filter((way) => way.chosen).map((way) => way.title);
  return [
    {
      kind: 'chart',
      chart: 'ways',
      title: `Compared: ${title}`,
      alternative: `${counted(ways.length, 'way')}: ${ways.map((way) => `${way.title} ${duration(way.durationMs)}`).join(', ')}. The fastest is ${fastest!.title}; ${chosen.length === 0 ? 'none of them was' : `${chosen.join(', ')} was`} the one that this recovery took.`,
    },
    {
      kind: 'table',
      title: `${title}: ${counted(ways.length, 'way')}, timed in this run`,
      columns: [
        { title: 'Way' },
        { title: 'Verdict' },
        { title: 'Chosen?' },
        { title: 'Took', numeric: true },
        { title: 'What it did' },
      ],
      rows: ways.map((way) => [
        { lines: [way.title, way.name] },
        mark(way.verdict),
        way.chosen ? 'chosen' : 'for comparison',
        duration(way.durationMs),
        way.detail,
      ]),
    },
  ];
}
