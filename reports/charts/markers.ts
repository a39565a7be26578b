import { duration } from '../format.ts';
import type { StoreLoss } from '../losses.ts';
import { colours, framed, timeScale, type ChartSize, type ChartSpec } from './common.ts';

const rowHeightPx = 22;
const kinds = ['survived', 'lost', 'recovery point'];

/** The acknowledged writes of each store around the fault: which survived, which were lost, and what is measured as RPO. */
export function markersChart(losses: readonly StoreLoss[], size: ChartSize): ChartSpec {
  const marks = losses.flatMap(marksOf);
  const [earliestMs, latestMs] = [
    Math.min(0, ...marks.map(({ atMs }) => atMs)),
    Math.max(0, ...marks.map(({ atMs }) => atMs)),
  ];
  const { unitMs, unit } = timeScale(latestMs - earliestMs);
  const roomMs = Math.max(latestMs - earliestMs, 100) / 20;
  const values = marks.map(({ atMs, ...mark }) => ({ ...mark, at: atMs / unitMs }));
  const kind = { field: 'kind', type: 'nominal' as const };
  const legend = { columns: size.narrow ? 2 : 3 };
  const y = {
    field: 'store',
    type: 'nominal' as const,
    sort: null,
    axis: null,
    scale: { paddingInner: 0.15, paddingOuter: 0.05 },
  };
  const place = { y, yOffset: { field: 'row', type: 'nominal' as const, scale: { domain: ['title', 'marks'] } } };
  return {
    ...framed(size, 'Acknowledged writes around the fault'),
    height: losses.length * 2 * rowHeightPx,
    data: { values },
    encoding: {
      x: {
        field: 'at',
        type: 'quantitative',
        scale: { domain: [(earliestMs - roomMs) / unitMs, (latestMs + roomMs * 2) / unitMs], nice: false, zero: false },
        axis: { title: `${unit} from the fault, which is at 0`, tickCount: size.narrow ? 5 : 10 },
      },
    },
    layer: [
      {
        data: { values: losses.flatMap((loss) => lossOf(loss, unitMs)) },
        mark: { type: 'bar', color: colours.soft, height: { band: 0.85 } },
        encoding: { ...place, x: { field: 'from', type: 'quantitative' }, x2: { field: 'to' } },
      },
      {
        data: { values: [{ at: 0 }] },
        mark: { type: 'rule', color: colours.ink, strokeWidth: 2 },
        encoding: { y: { value: 0 }, y2: { value: 'height' } },
      },
      {
        mark: { type: 'point', filled: true, size: size.narrow ? 35 : 70, opacity: 1 },
        encoding: {
          ...place,
          shape: { ...kind, scale: { domain: kinds, range: ['circle', 'cross', 'triangle-down'] }, legend },
          color: {
            ...kind,
            scale: { domain: kinds, range: [colours.accent, colours.fail, colours.ink] },
            legend,
          },
        },
      },
      {
        data: { values: losses.map((loss) => ({ store: loss.store, row: 'title', title: titleOf(loss) })) },
        mark: { type: 'text', align: 'left', fontSize: 12, fontWeight: 600, limit: size.widthPx * 1.15 },
        encoding: { ...place, x: { value: 1 }, text: { field: 'title' } },
      },
    ],
  };
}

function marksOf({ store, markers, recoveryPointMs }: StoreLoss) {
  const row = 'marks';
  return [
    ...markers.map(({ atMs, survived }) => ({ store, row, atMs, kind: survived ? 'survived' : 'lost' })),
    ...(recoveryPointMs === undefined ? [] : [{ store, row, atMs: recoveryPointMs, kind: 'recovery point' }]),
  ];
}

/** From the newest survivor to the fault: what is measured as RPO. */
function lossOf({ store, newestSurvivorMs }: StoreLoss, unitMs: number) {
  return newestSurvivorMs === undefined ? [] : [{ store, row: 'marks', from: newestSurvivorMs / unitMs, to: 0 }];
}

function titleOf({ store, measuredMs, targetMs }: StoreLoss): string {
  return `${store}: ${measuredMs === undefined ? 'none survived' : duration(measuredMs)} of ${duration(targetMs)}`;
}
