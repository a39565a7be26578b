import prettyBytes from 'pretty-bytes';

/** What was measured of one size. */
export interface SizeFigures {
  /** Rows, and likewise objects and documents. */
  size: number;
  durationsMs: number[];
  medianMs: number;
  /** Of the median, for one row with its object and its document. */
  perKeyMicroseconds: number;
  /** Largest resident memory of the process that measured this size and no other, Node itself included. */
  peakBytes: number;
}

export interface ReconcileFigures {
  at: string;
  runs: number;
  cpus: number;
  node: string;
  sizes: SizeFigures[];
}

/** The size that the limit of time holds for, and that the others are held against. */
const referenceSize = 100_000;
const referenceLimitMs = 30_000;
const memoryLimitBytes = 300_000_000;
/** Time per key at most so many times that of the reference: then time is linear. */
const linearLimit = 2;

/** Each limit that is not kept, in words; nothing when all are. A missing reference is one, as nothing can be held against it. */
export function overLimits({ sizes }: ReconcileFigures): string[] {
  const reference = sizes.find(({ size }) => size === referenceSize);
  if (!reference) return [`${count(referenceSize)} keys were not measured`];
  return [
    ...(reference.medianMs < referenceLimitMs
      ? []
      : [`${count(referenceSize)} keys take ${seconds(reference.medianMs)} s, the limit is 30 s`]),
    ...sizes
      .filter(({ perKeyMicroseconds }) => !(perKeyMicroseconds <= linearLimit * reference.perKeyMicroseconds))
      .map(({ size, perKeyMicroseconds }) => {
        const ratio = (perKeyMicroseconds / reference.perKeyMicroseconds).toFixed(2);
        return `${count(size)} keys take ${ratio} times the time per key of ${count(referenceSize)}, the limit is ${linearLimit}`;
      }),
    ...sizes
      .filter(({ peakBytes }) => !(peakBytes < memoryLimitBytes))
      .map(({ size, peakBytes }) => `${count(size)} keys take ${prettyBytes(peakBytes)}, the limit is 300 MB`),
  ];
}

/** The figures as a Markdown table. */
export function reconcileTable(figures: ReconcileFigures): string {
  const smallest = figures.sizes[0]?.perKeyMicroseconds ?? Number.NaN;
  const over = overLimits(figures);
  return [
    `Rows, objects and documents reconciled both ways by content from simulated listings: rows with objects, both sorted; rows with documents, these in no order. A process for each size, with a drill's settings of memory. ${figures.runs} runs of each size, ${figures.cpus} cores, Node ${figures.node}.`,
    '',
    '| rows, objects and documents each | median, s | range, s | time per key, µs | ratio to the smallest | peak memory |',
    '|---:|---:|---:|---:|---:|---:|',
    ...figures.sizes.map(({ size, durationsMs, medianMs, perKeyMicroseconds, peakBytes }) => {
      const range = `${seconds(Math.min(...durationsMs))} to ${seconds(Math.max(...durationsMs))}`;
      const ratio = (perKeyMicroseconds / smallest).toFixed(2);
      return `| ${count(size)} | ${seconds(medianMs)} | ${range} | ${perKeyMicroseconds.toFixed(2)} | ${ratio} | ${prettyBytes(peakBytes)} |`;
    }),
    '',
    ...(over.length === 0
      ? [
          `Linear: at most ${linearLimit} times the time per key of ${count(referenceSize)}. Under 30 s there, under 300 MB everywhere.`,
        ]
      : over.map((line) => `Over the limit: ${line}.`)),
    '',
  ].join('\n');
}

function count(size: number): string {
  return size.toLocaleString('en');
}

function seconds(durationMs: number): string {
  return (durationMs / 1000).toFixed(2);
}
