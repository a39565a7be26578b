import type { Leak, PlaceExtent, ScanResult } from '../../domain/masking.ts';
import type { Detector } from './finds.ts';

/** Counts what a scan sees. It is told places and kinds only, never a value. */
export class Tally {
  #rows = 0;
  readonly #read = new Map<string, PlaceExtent>();
  readonly #leaks = new Map<string, { detector: Detector; place: string; count: number; canaryIds: Set<number> }>();

  get rows(): number {
    return this.#rows;
  }

  /** A table or an index is about to be read; one that has no row counts too. */
  open(place: string, columns: number): void {
    this.#read.set(place, { rows: 0, columns, ...this.#read.get(place) });
  }

  addRows(place: string, rows: number): void {
    this.#rows += rows;
    const read = this.#read.get(place);
    if (read) read.rows += rows;
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

  result(durationMs: number): ScanResult {
    const read = Object.fromEntries([...this.#read].sort(([a], [b]) => a.localeCompare(b, 'en')));
    const columnsScanned = Object.values(read).reduce((total, { columns }) => total + columns, 0);
    const leaks = [...this.#leaks.values()].map(({ canaryIds, ...leak }): Leak =>
      canaryIds.size === 0 ? leak : { ...leak, canaryIds: ascending(canaryIds) },
    );
    leaks.sort((a, b) => a.detector.localeCompare(b.detector, 'en') || a.place.localeCompare(b.place, 'en'));
    const canariesFound = ascending(leaks.flatMap(({ canaryIds = [] }) => canaryIds));
    return { rowsScanned: this.#rows, columnsScanned, read, canariesFound, leaks, durationMs };
  }
}

/** Several scans of different places as one: rows, columns and durations add up, leaks stand side by side. */
export function mergeScans(results: readonly ScanResult[]): ScanResult {
  const sum = (key: 'rowsScanned' | 'columnsScanned' | 'durationMs') =>
    results.reduce((total, result) => total + result[key], 0);
  return {
    rowsScanned: sum('rowsScanned'),
    columnsScanned: sum('columnsScanned'),
    read: Object.assign({}, ...results.map(({ read }) => read)),
    canariesFound: ascending(results.flatMap(({ canariesFound }) => canariesFound)),
    leaks: results.flatMap(({ leaks }) => leaks),
    durationMs: sum('durationMs'),
  };
}

function ascending(numbers: Iterable<number>): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}
