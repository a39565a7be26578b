import prettyBytes from 'pretty-bytes';
import type { DrillRecord } from '../domain/record.ts';
import type { TimelineEvent } from '../domain/timeline.ts';

/** What one drill of a size took. */
export interface SizeGrowth {
  /** Customers. */
  rows: number;
  verdict: string;
  totalMs: number;
  /** Steps as the drill names them, in their order. */
  steps: { phase: string; title: string; durationMs: number }[];
  /** Peaks of our own processes; servers that are not ours apart. */
  processes: { name: string; peakBytes: number }[];
}

export interface GrowthFigures {
  at: string;
  cpus: number;
  drill: string;
  postgres: string;
  /** The smallest first. */
  sizes: SizeGrowth[];
}

/** A step may take so many times what linear growth from the size before makes of it: caches and merges grow a little faster. */
const linearLimit = 1.5;
/** What takes less is no measure of growth. */
const leastMs = 2_000;

/** The figures of a run: its steps out of its timeline, the rest out of its record. */
export function growthOf(rows: number, record: DrillRecord, events: readonly TimelineEvent[]): SizeGrowth {
  const begun = events.filter(({ kind }) => kind === 'start').map(({ message }) => message);
  // A step that fails says why after its name.
  const titleOf = (message: string): string => begun.findLast((title) => message.startsWith(title)) ?? message;
  const steps = events.flatMap(({ phase, kind, message, durationMs }) =>
    durationMs !== undefined && (kind === 'ok' || kind === 'fail')
      ? [{ phase, title: titleOf(message), durationMs }]
      : [],
  );
  return {
    rows,
    verdict: record.verdict,
    totalMs: events.at(-1)?.elapsedMs ?? 0,
    steps,
    processes: record.memory?.processes ?? [],
  };
}

interface Row {
  name: string;
  durationsMs: (number | undefined)[];
  /** From each size to the next: the time over what linear growth would make of the time before. */
  ratios: (number | undefined)[];
}

/** Each step that takes more than linear growth allows, and each process that grew over its limit, in words. */
export function notLinear({ sizes }: GrowthFigures): string[] {
  return rowsOf(sizes).flatMap(({ name, ratios }) =>
    ratios.flatMap((ratio, index) =>
      ratio !== undefined && ratio > linearLimit
        ? [`${name}: ${ratio.toFixed(2)} times linear from ${count(sizes[index])} to ${count(sizes[index + 1])}`]
        : [],
    ),
  );
}

function rowsOf(sizes: readonly SizeGrowth[]): Row[] {
  const last = sizes.at(-1);
  const names = (last?.steps ?? []).map(({ phase, title }) => ({ phase, title }));
  return names.map(({ phase, title }) => {
    const durationsMs = sizes.map(
      ({ steps }) => steps.find((step) => step.phase === phase && step.title === title)?.durationMs,
    );
    const ratios = durationsMs.slice(1).map((durationMs, index) => {
      const [before, rowsBefore, rows] = [durationsMs[index], sizes[index]?.rows, sizes[index + 1]?.rows];
      if (durationMs === undefined || before === undefined || !rowsBefore || !rows) return undefined;
      // Next to nothing has no ratio, and what hardly grows is no matter of size.
      return durationMs < leastMs ? undefined : durationMs / ((Math.max(before, leastMs) * rows) / rowsBefore);
    });
    return { name: `${phase}: ${title}`, durationsMs, ratios };
  });
}

/** The figures as a Markdown table. */
export function growthTable(figures: GrowthFigures): string {
  const { drill, cpus, postgres, sizes } = figures;
  const between = sizes.slice(1).map((size, index) => `to linear, ${count(sizes[index])} to ${count(size)}`);
  const faults = notLinear(figures);
  const processes = [...new Set(sizes.flatMap(({ processes: all }) => all.map(({ name }) => name)))];
  const peak = ({ processes: all }: SizeGrowth, name: string): string => {
    const bytes = all.find((process) => process.name === name)?.peakBytes;
    return bytes === undefined ? '' : prettyBytes(bytes);
  };
  return [
    `The drill ${drill}, one run of each size, ${cpus} cores, ${postgres}; seconds. To linear: the time over that of the size before, times the customers; steps below ${leastMs / 1000} s have none, and no time before counts as less.`,
    '',
    `| step | ${sizes.map(count).join(' | ')} | ${between.join(' | ')} |`,
    `|---|${'---:|'.repeat(sizes.length + between.length)}`,
    ...rowsOf(sizes).map(
      ({ name, durationsMs, ratios }) =>
        `| ${[name, ...durationsMs.map(seconds), ...ratios.map((ratio) => ratio?.toFixed(2) ?? '')].join(' | ')} |`,
    ),
    `| all | ${sizes.map(({ totalMs }) => seconds(totalMs)).join(' | ')} | ${between.map(() => '').join(' | ')} |`,
    `| verdict | ${sizes.map(({ verdict }) => verdict).join(' | ')} | ${between.map(() => '').join(' | ')} |`,
    '',
    `| peak memory of | ${sizes.map(count).join(' | ')} |`,
    `|---|${'---:|'.repeat(sizes.length)}`,
    ...processes.map((name) => `| ${name} | ${sizes.map((size) => peak(size, name)).join(' | ')} |`),
    '',
    ...(faults.length === 0
      ? [`Linear: no step takes more than ${linearLimit} times what linear growth makes of it.`]
      : faults.map((fault) => `Not linear: ${fault}.`)),
    '',
  ].join('\n');
}

function count(size: SizeGrowth | undefined): string {
  return (size?.rows ?? 0).toLocaleString('en');
}

function seconds(durationMs: number | undefined): string {
  return durationMs === undefined ? '' : (durationMs / 1000).toFixed(1);
}
