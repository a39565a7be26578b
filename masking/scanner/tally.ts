import type { Leak, ScanResult } from '../../domain/masking.ts';
import type { Detector } from './finds.ts';

/** Counts what a scan sees. It is told places and kinds only, never a value. */
export class Tally {
  #rows = 0;
  readonly #leaks = new Map<string, { detector: Detector; place: string; count: number; canaryIds: Set<number> }>();

  get rows(): number {
    return this.#rows;
  }

  addRows(rows: number): void {
    this.#rows += rows;
  }

  add(detector: Detector, place: string, canaryId?: number): void {
    const key = `${detector} ${place}`;
    let leak = this.#leaks.get(key);
    if (leak === undefined) {
      leak = { detector, place, count: 0, canaryIds: new Set() };
      this.#leaks.set(key, leak);
    }
    leak.count++;
    if (canaryId !== undefined) leak.canaryIds.add(canaryId);
  }

  result(columnsScanned: number, durationMs: number): ScanResult {
    const leaks = [...this.#leaks.values()].map(({ canaryIds, ...leak }): Leak =>
      canaryIds.size === 0 ? leak : { ...leak, canaryIds: ascending(canaryIds) },
    );
    leaks.sort((a, b) => a.detector.localeCompare(b.detector, 'en') || a.place.localeCompare(b.place, 'en'));
    const canariesFound = ascending(leaks.flatMap(({ canaryIds = [] }) => canaryIds));
    return { rowsScanned: this.#rows, columnsScanned, canariesFound, leaks, durationMs };
  }
}

/** Several scans as one: rows, columns and durations add up, leaks stand side by side. */
export function mergeScans(results: readonly ScanResult[]): ScanResult {
  const sum = (key: 'rowsScanned' | 'columnsScanned' | 'durationMs') =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    rowsScanned: sum('rowsScanned'),
    columnsScanned: sum('columnsScanned'),
    canariesFound: ascending(results.flatMap(({ canariesFound }) => canariesFound)),
    leaks: results.flatMap(({ leaks }) => leaks),
    durationMs: sum('durationMs'),
  };
}

function ascending(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
