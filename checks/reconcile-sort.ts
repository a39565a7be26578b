import { DrillError } from '../domain/drill-error.ts';
import type { ReconciliationEntry, ReconciliationSource } from '../domain/reconciliation.ts';
import { compareKeys } from './reconcile-order.ts';
import { packEntries, unpackEntries } from './reconcile-pack.ts';

export interface SortOptions {
  /** Most bytes that the kept entries may take; beyond it a `DrillError` says what to do instead. */
  maxBytes?: number;
  /** Entries that are sorted at a time. Of few the texts are garbage before they are old, so that the heap stays small. */
  entriesPerRun?: number;
}

/**
 * Reads entries in any order and gives them sorted by the bytes of their keys, as `reconcile` wants them. Two equal
 * keys stay two: `reconcile` refuses them.
 *
 * They are kept whole but compact, outside the heap: sorted runs, which are merged when they are
 * read. Hash partitions would need less at a time, and would read a store once for each of them; kept hashes would need
 * less too, and could neither name what is orphaned nor rule out a collision. Sorting runs while the source is read
 * holds the process up for milliseconds, sorting everything at the end for seconds. At 100,000 entries of a 40-character
 * key and a sha256 this keeps 8 MB, at a million 80 MB; a store larger than that sorts its own listing.
 */
export async function* sortEntries(
  source: ReconciliationSource,
  { maxBytes = 200_000_000, entriesPerRun = 2_048 }: SortOptions = {},
): AsyncGenerator<ReconciliationEntry> {
  const runs = await sortedRuns(source, maxBytes, entriesPerRun);
  yield* merged(runs.map((run) => unpackEntries(run)));
}

async function sortedRuns(source: ReconciliationSource, maxBytes: number, entriesPerRun: number): Promise<Buffer[]> {
  const runs: Buffer[] = [];
  let batch: ReconciliationEntry[] = [];
  let keptBytes = 0;
  let keptEntries = 0;
  const keep = (): void => {
    batch.sort((one, other) => compareKeys(one.key, other.key));
    const run = packEntries(batch);
    keptBytes += run.length;
    keptEntries += batch.length;
    if (keptBytes > maxBytes) throw tooMuch(keptEntries, maxBytes);
    runs.push(run);
    batch = [];
  };
  for await (const entry of source) {
    batch.push(entry);
    if (batch.length === entriesPerRun) keep();
  }
  if (batch.length > 0) keep();
  return runs;
}

interface Head {
  entry: ReconciliationEntry;
  rest: Iterator<ReconciliationEntry>;
}

/** Merges sorted runs over a binary heap of their next entries, the least on top. */
function* merged(runs: readonly Iterator<ReconciliationEntry>[]): Generator<ReconciliationEntry> {
  const heap: Head[] = runs.flatMap((rest) => {
    const { done, value } = rest.next();
    return done === true ? [] : [{ entry: value, rest }];
  });
  for (let index = Math.floor(heap.length / 2) - 1; index >= 0; index -= 1) sink(heap, index);
  for (let top = heap[0]; top !== undefined; top = heap[0]) {
    yield top.entry;
    const { done, value } = top.rest.next();
    if (done === true) {
      const last = heap.pop();
      // Nothing is left of a run that was the only one.
      if (last !== undefined && heap.length > 0) heap[0] = last;
    } else top.entry = value;
    sink(heap, 0);
  }
}

/** Moves a head down until none below it is less. */
function sink(heap: Head[], start: number): void {
  const head = heap[start];
  if (head === undefined) return;
  let index = start;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    if (left === undefined) break;
    const rightIsLess = right !== undefined && compareKeys(right.entry.key, left.entry.key) < 0;
    const least = rightIsLess ? right : left;
    if (compareKeys(least.entry.key, head.entry.key) >= 0) break;
    heap[index] = least;
    index = 2 * index + (rightIsLess ? 2 : 1);
  }
  heap[index] = head;
}

function tooMuch(entries: number, maxBytes: number): DrillError {
  return new DrillError({
    code: 'internal',
    what: 'there are too many entries to sort in memory',
    expected: `at most ${maxBytes} bytes`,
    actual: `more with the first ${entries} entries`,
    hint: 'Let the store sort its listing by key, or reconcile it by parts: one prefix or index after the other.',
  });
}
