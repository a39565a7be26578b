import prettyBytes from 'pretty-bytes';

/** A way's times over all runs. */
export interface WayFigures {
  name: string;
  title: string;
  durationsMs: number[];
  medianMs: number;
  /** Its median over the baseline's. */
  ratio: number;
  /** Medians of the processor time of this process with its tools, and of the database server. */
  clientMedianMs: number;
  serverMedianMs: number;
}

export interface Figures {
  at: string;
  /** What was restored: `200,000 customers`. */
  database: string;
  seed: number;
  runs: number;
  cpus: number;
  postgres: string;
  store: string;
  /** Size of the plain dump, and of the encrypted one. */
  dumpBytes: number;
  storedBytes: number;
  /** Largest resident memory of this process while our restores ran. */
  memoryBytes: number;
  limit: number;
  ways: WayFigures[];
  backupLimit: number;
  backups: WayFigures[];
}

/** The middle value; of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const low = sorted[Math.ceil(middle) - 1];
  const high = sorted[Math.floor(middle)];
  if (low === undefined || high === undefined) throw new Error('the median of no values was asked for');
  return (low + high) / 2;
}

/** Ratios to the baseline, which comes first. Absolute times are given but not judged: they say more of the machine. */
export function compare(
  times: readonly { name: string; title: string; durationsMs: number[]; clientMs: number[]; serverMs: number[] }[],
): WayFigures[] {
  const baseline = times[0];
  if (baseline === undefined) return [];
  const baselineMs = median(baseline.durationsMs);
  return times.map(({ clientMs, serverMs, ...way }) => {
    const medianMs = median(way.durationsMs);
    return {
      ...way,
      medianMs,
      ratio: medianMs / baselineMs,
      clientMedianMs: median(clientMs),
      serverMedianMs: median(serverMs),
    };
  });
}

/** Names of the ways that take longer than their limit allows. */
export function overLimit({ ways, limit, backups, backupLimit }: Figures): string[] {
  const over = (figures: readonly WayFigures[], most: number): string[] =>
    figures.filter(({ ratio }) => ratio > most).map(({ name }) => name);
  return [...over(backups, backupLimit), ...over(ways, limit)];
}

/** The figures as Markdown tables. */
export function table(figures: Figures): string {
  const { database, runs, cpus, postgres, store, dumpBytes, storedBytes, memoryBytes, limit, backupLimit } = figures;
  const failed = overLimit(figures);
  return [
    `${database}, ${runs} runs of each way by turns, ${cpus} cores, ${postgres}, backups on ${store}.`,
    `Dump ${prettyBytes(dumpBytes)}, in the store ${prettyBytes(storedBytes)}. Memory of this process at most ${prettyBytes(memoryBytes)}.`,
    '',
    ...tableOf(figures.backups),
    '',
    ...tableOf(figures.ways),
    '',
    failed.length === 0
      ? `Every ratio is at most ${limit}, of backups ${backupLimit}.`
      : `Over ${limit}, or of backups ${backupLimit}: ${failed.join(', ')}.`,
    '',
  ].join('\n');
}

/** A Markdown table, line by line. */
export function tableOf(ways: readonly WayFigures[]): string[] {
  const seconds = (durationMs: number): string => (durationMs / 1000).toFixed(2);
  return [
    '| way | median, s | range, s | ratio | CPU of the client, s | CPU of the server, s | what it is |',
    '|---|---:|---:|---:|---:|---:|---|',
    ...ways.map(
      ({ name, title, durationsMs, medianMs, ratio, clientMedianMs, serverMedianMs }) =>
        `| ${name} | ${seconds(medianMs)} | ${seconds(Math.min(...durationsMs))} to ${seconds(Math.max(...durationsMs))} | ${ratio.toFixed(2)} | ${seconds(clientMedianMs)} | ${seconds(serverMedianMs)} | ${title} |`,
    ),
  ];
}
