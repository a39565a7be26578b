import type { PeriodRun } from '../evidence/ledger-period.ts';
import { stores } from '../quarterly/coverage.ts';
import { medianOf } from '../quarterly/median.ts';
import { isOfSystem, outcomeOf } from '../quarterly/runs.ts';
import { periodStart } from '../schedule/period.ts';
import type { DrillTrend, TrendPoint, TrendSeries } from './history.ts';

/** So many points of a line can be told apart. */
const mostPoints = 40;
const weekMs = 7 * 86_400_000;

/** One measurement; without a value nothing survived that could be measured. */
interface Measured {
  at: string;
  valueMs?: number;
  targetMs: number;
  missed: boolean;
}

/**
 * RTO and RPO of each drill against its objectives, over all runs that were measured; those with a sabotage are left out:
 * they were damaged on purpose; and quick ones, whose data is small. Of many runs a point is the median of a week, or of a month.
 */
export function trendsOf(runs: readonly PeriodRun[]): DrillTrend[] {
  const measured = runs.filter((run) => run.end?.figures !== undefined && isOfSystem(outcomeOf(run)));
  return [...Map.groupBy(measured, ({ run }) => run.drill)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([drill, own]) => {
      const each = stretchOf(own);
      const lines = [
        { name: 'RTO', measured: own.flatMap(recoveryTime) },
        ...stores.map((store) => ({ name: `RPO ${store}`, measured: own.flatMap((run) => lossOf(run, store)) })),
      ].filter((line) => line.measured.length > 0);
      const series = lines.map(({ name, measured: values }) => seriesOf(name, values, each));
      return series.length === 0 ? [] : [{ drill, each, series }];
    });
}

function stretchOf(runs: readonly PeriodRun[]): DrillTrend['each'] {
  if (runs.length <= mostPoints) return 'run';
  const times = runs.map(({ run }) => Date.parse(run.startedAt)).toSorted((one, other) => one - other);
  return ((times.at(-1) ?? 0) - (times[0] ?? 0)) / weekMs <= mostPoints ? 'week' : 'month';
}

function recoveryTime({ run, end }: PeriodRun): Measured[] {
  const { rtoMs, rtoTargetMs } = end?.figures ?? {};
  if (rtoMs === undefined || rtoTargetMs === undefined) return [];
  return [{ at: run.startedAt, valueMs: rtoMs, targetMs: rtoTargetMs, missed: rtoMs > rtoTargetMs }];
}

function lossOf({ run, end }: PeriodRun, store: string): Measured[] {
  const lines = end?.figures?.rpo.filter((line) => line.store === store) ?? [];
  return lines.map(({ measuredMs, targetMs, verdict }) => ({
    at: run.startedAt,
    ...(measuredMs !== undefined && { valueMs: measuredMs }),
    targetMs,
    missed: verdict === 'fail' || measuredMs === undefined,
  }));
}

function seriesOf(name: string, measured: readonly Measured[], each: DrillTrend['each']): TrendSeries {
  const inOrder = measured.toSorted((one, other) => (one.at < other.at ? -1 : 1));
  const values = inOrder.flatMap(({ valueMs }) => (valueMs === undefined ? [] : [valueMs]));
  const sorted = values.toSorted((one, other) => one - other);
  const [lastMs, medianMs, worstMs] = [values.at(-1), medianOf(sorted), sorted.at(-1)];
  const stretches = Map.groupBy(inOrder, ({ at }) => (each === 'run' ? at : beginningOf(at, each)));
  return {
    name,
    points: [...stretches].flatMap(([at, own]) => pointOf(at, own)),
    runs: measured.length,
    ...(lastMs !== undefined && { lastMs }),
    ...(medianMs !== undefined && { medianMs }),
    ...(worstMs !== undefined && { worstMs }),
    targetMs: inOrder.at(-1)?.targetMs ?? 0,
    missed: measured.filter(({ missed }) => missed).length,
    unmeasured: measured.length - values.length,
  };
}

function beginningOf(at: string, each: 'week' | 'month'): string {
  return `${periodStart(new Date(at), each === 'week' ? 'weekly' : 'monthly')}T00:00:00.000Z`;
}

function pointOf(at: string, measured: readonly Measured[]): TrendPoint[] {
  const shares = measured.flatMap(({ valueMs, targetMs }) => (valueMs === undefined ? [] : [valueMs / targetMs]));
  const sorted = shares.toSorted((one, other) => one - other);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) return [];
  const missed = measured.filter((one) => one.missed).length;
  return [{ at, runs: measured.length, share: (low + high) / 2, missed }];
}
