import prettyBytes from 'pretty-bytes';
import { median } from './figures.ts';

/** A way's times over all runs, and the largest resident memory of its process. */
export interface ObjectsWay {
  name: string;
  durationsMs: number[];
  peakBytes: number;
}

/** What was measured with objects of one size. */
export interface ObjectsSize {
  bucket: string;
  objects: number;
  sizeBytes: number;
  ways: ObjectsWay[];
}

export interface ObjectsFigures {
  at: string;
  runs: number;
  cpus: number;
  node: string;
  store: string;
  concurrency: number;
  sizes: ObjectsSize[];
}

/** Of the plain copy's throughput, backup and restore reach at least this share. */
const throughputLimit = 0.7;
const memoryLimitBytes = 400_000_000;

/** Each way that is judged, and the plain copy in its direction. */
const baselines: Readonly<Record<string, string>> = { backup: 'copy out', restore: 'copy back' };

/** Throughput of a way over that of the plain copy in its direction, by the medians; `undefined` for the copy itself. */
function ratioOf({ ways }: ObjectsSize, way: ObjectsWay): number | undefined {
  const baseline = ways.find(({ name }) => name === baselines[way.name]);
  return baseline && median(baseline.durationsMs) / median(way.durationsMs);
}

/** Each limit that is not kept, in words; nothing when all are. */
export function underLimit({ sizes }: ObjectsFigures): string[] {
  return sizes.flatMap((size) =>
    size.ways.flatMap((way) => {
      const ratio = ratioOf(size, way);
      if (ratio === undefined) return [];
      const slow =
        ratio >= throughputLimit ? [] : [`has ${ratio.toFixed(2)} of the throughput, ${throughputLimit} is asked`];
      const large =
        way.peakBytes < memoryLimitBytes ? [] : [`takes ${prettyBytes(way.peakBytes)}, the limit is 400 MB`];
      return [...slow, ...large].map((line) => `${way.name} of ${titleOf(size)} ${line}`);
    }),
  );
}

/** The figures as a Markdown table. */
export function objectsTable(figures: ObjectsFigures): string {
  const { runs, cpus, node, store, concurrency, sizes } = figures;
  const under = underLimit(figures);
  return [
    `${sizes.map(titleOf).join(' and ')}, ${concurrency} on their way at a time, from one server to another: ${store}. ${runs} runs of each way by turns, ${cpus} cores, Node ${node}. A process for each run, with a drill's settings of memory.`,
    '',
    '| objects | way | median, s | range, s | MB/s | ratio | peak memory |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...sizes.flatMap((size) => size.ways.map((way) => line(size, way))),
    '',
    under.length === 0
      ? `Every ratio is at least ${throughputLimit}, every memory under 400 MB.`
      : `Missed: ${under.join('; ')}.`,
    '',
  ].join('\n');
}

function line(size: ObjectsSize, way: ObjectsWay): string {
  const medianMs = median(way.durationsMs);
  const range = `${seconds(Math.min(...way.durationsMs))} to ${seconds(Math.max(...way.durationsMs))}`;
  const rate = (size.objects * size.sizeBytes) / 1000 / medianMs;
  const ratio = (ratioOf(size, way) ?? 1).toFixed(2);
  return `| ${titleOf(size)} | ${way.name} | ${seconds(medianMs)} | ${range} | ${rate.toFixed(1)} | ${ratio} | ${prettyBytes(way.peakBytes)} |`;
}

function titleOf({ objects, sizeBytes }: ObjectsSize): string {
  return `${objects.toLocaleString('en')} of ${prettyBytes(sizeBytes)}`;
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(2);
}
