import type { PeriodRun } from '../evidence/ledger-period.ts';
import type { RunFigures } from '../domain/ledger.ts';
import type { QuarterInputs } from './inputs.ts';
import { medianOf } from './median.ts';
import type { Trend, TrendMonth } from './report.ts';
import { isIn, isOfSystem, outcomeOf } from './runs.ts';

/** One measurement; without a value nothing survived that could be measured. */
interface Measured {
  month: string;
  valueMs?: number;
  targetMs: number;
  missed: boolean;
}

/**
 * Time of recovery of each drill, month by month, against its objective. Runs with a sabotage are left out: they were
 * damaged on purpose; and quick ones, whose data is small.
 */
export function rtoTrends(inputs: QuarterInputs): Trend[] {
  return byDrill(inputs).flatMap(([drill, runs]) => {
    const measured = runs.flatMap(({ month, figures: { rtoMs, rtoTargetMs } }): Measured[] =>
      rtoMs === undefined || rtoTargetMs === undefined
        ? []
        : [{ month, valueMs: rtoMs, targetMs: rtoTargetMs, missed: rtoMs > rtoTargetMs }],
    );
    return measured.length === 0 ? [] : [trendOf({ drill }, measured)];
  });
}

/** Loss of data of each drill and store in the same way. */
export function rpoTrends(inputs: QuarterInputs): Trend[] {
  return byDrill(inputs).flatMap(([drill, runs]) => {
    const lines = runs.flatMap(({ month, figures }) => figures.rpo.map((line) => ({ ...line, month })));
    return [...Map.groupBy(lines, ({ store }) => store)].map(([store, own]) =>
      trendOf(
        { drill, store },
        own.map(({ month, measuredMs, targetMs, verdict }) => ({
          month,
          ...(measuredMs !== undefined && { valueMs: measuredMs }),
          targetMs,
          missed: verdict === 'fail' || measuredMs === undefined,
        })),
      ),
    );
  });
}

function byDrill({ period, ledger }: QuarterInputs): [string, { month: string; figures: RunFigures }[]][] {
  const runs = ledger.runs.flatMap((run: PeriodRun) => {
    const figures = run.end?.figures;
    if (!figures || !isIn(period, run) || !isOfSystem(outcomeOf(run))) return [];
    return [{ drill: run.run.drill, month: run.run.startedAt.slice(0, 7), figures }];
  });
  return [...Map.groupBy(runs, ({ drill }) => drill)].toSorted(([one], [other]) => (one < other ? -1 : 1));
}

function trendOf(name: Pick<Trend, 'drill' | 'store'>, measured: readonly Measured[]): Trend {
  const months = [...Map.groupBy(measured, ({ month }) => month)].map(([month, own]) => monthOf(month, own));
  const medians = months.flatMap(({ medianMs }) => (medianMs === undefined ? [] : [medianMs]));
  const [first, last] = [medians[0], medians.at(-1)];
  return {
    ...name,
    targetMs: measured.at(-1)?.targetMs ?? 0,
    months,
    missedLast: measured.at(-1)?.missed ?? false,
    ...(medians.length > 1 && first !== undefined && last !== undefined && first > 0 && { change: last / first }),
  };
}

function monthOf(month: string, measured: readonly Measured[]): TrendMonth {
  const values = measured
    .flatMap(({ valueMs }) => (valueMs === undefined ? [] : [valueMs]))
    .toSorted((one, other) => one - other);
  const medianMs = medianOf(values);
  const worstMs = values.at(-1);
  return {
    month,
    runs: measured.length,
    ...(medianMs !== undefined && { medianMs }),
    ...(worstMs !== undefined && { worstMs }),
    missed: measured.filter(({ missed }) => missed).length,
  };
}
