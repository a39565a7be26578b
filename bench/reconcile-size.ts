import { reconcile } from '../checks/reconcile.ts';
import { sortEntries } from '../checks/reconcile-sort.ts';
import { systemClock, timed } from '../domain/clock.ts';
import type { Reconciliation } from '../domain/reconciliation.ts';
import { median } from './figures.ts';
import type { SizeFigures } from './reconcile-figures.ts';
import { faultsOf, simulatedDocuments, simulatedItems, simulatedRows } from './reconcile-listing.ts';

// Measures one size in a process of its own, `reconcile.ts` starts it: the mark of memory is then that of this size.
const [size, runs] = process.argv.slice(2).map(Number);
if (size === undefined || runs === undefined) throw new Error('expected a size and a number of runs');
process.stdout.write(JSON.stringify(await measure(size, runs)));

async function measure(size: number, runs: number): Promise<SizeFigures> {
  // Not counted: the first run compiles what all others use.
  await reconcileAll(10_000);
  const durationsMs: number[] = [];
  for (let run = 1; run <= runs; run += 1)
    durationsMs.push((await timed(systemClock, () => reconcileAll(size))).durationMs);
  const medianMs = median(durationsMs);
  // The system's own mark, in kB: samples by a timer could miss what is held for a moment.
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  return { size, durationsMs, medianMs, perKeyMicroseconds: (medianMs * 1000) / size, peakBytes };
}

async function reconcileAll(size: number): Promise<void> {
  const objects = await reconcile({ store: 'objects', rows: simulatedRows(size), items: simulatedItems(size) });
  mustFindAll(objects, size);
  const items = sortEntries(simulatedDocuments(size));
  mustFindAll(await reconcile({ store: 'search', rows: simulatedRows(size), items }), size);
}

/** What is fast and finds nothing would be no measurement. */
function mustFindAll({ pair, compared, differences }: Reconciliation, size: number): void {
  const faults = faultsOf(size);
  const { dangling, orphan, stale, uncompared } = differences;
  const found = [dangling.count, orphan.count, stale.count, uncompared.count, compared];
  const planted = [faults, faults, faults, 0, size - 2 * faults];
  if (found.join() === planted.join()) return;
  throw new Error(`${pair.join(' and ')}: ${planted.join(', ')} planted, ${found.join(', ')} found at ${size} keys`);
}
