import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { reconcile } from '../checks/reconcile.ts';
import { sortEntries } from '../checks/reconcile-sort.ts';
import { systemClock, timed } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { Reconciliation } from '../domain/reconciliation.ts';
import { projectFolder } from '../harness/project.ts';
import { median } from './figures.ts';
import { overLimits, reconcileTable, type ReconcileFigures, type SizeFigures } from './reconcile-figures.ts';
import { faultsOf, simulatedDocuments, simulatedItems, simulatedRows } from './reconcile-listing.ts';

/** Ascending: the memory of a process only tells the largest that it has been. */
const sizes = [10_000, 100_000, 1_000_000] as const;

interface Options {
  runs: number;
  out: string;
}

const program = new Command('bench:reconcile')
  .description('Reconciles 10,000 to 1,000,000 rows, objects and documents from simulated listings.')
  .option('--runs <number>', 'measured runs of each size', wholeNumber, 3)
  .option('--out <folder>', 'where the figures are written', join(projectFolder, 'bench', 'out'))
  .parse();

try {
  const { runs, out } = program.opts<Options>();
  const figures = await measure(runs);
  const text = reconcileTable(figures);
  const file = join(out, `reconcile-${figures.at.slice(0, 19).replaceAll(':', '')}`);
  await mkdir(out, { recursive: true });
  await writeFile(`${file}.json`, `${JSON.stringify(figures, undefined, 2)}\n`);
  await writeFile(`${file}.md`, text);
  process.stdout.write(`\n${text}\nwritten to ${file}.md and .json\n`);
  process.exitCode = overLimits(figures).length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 3;
}

async function measure(runs: number): Promise<ReconcileFigures> {
  // Not counted: the first run compiles what all others use.
  await reconcileAll(sizes[0]);
  const measured: SizeFigures[] = [];
  for (const size of sizes) {
    const durationsMs: number[] = [];
    for (let run = 1; run <= runs; run += 1) {
      const { durationMs } = await timed(systemClock, () => reconcileAll(size));
      durationsMs.push(durationMs);
      process.stdout.write(
        `run ${run}  ${size.toLocaleString('en').padStart(9)}  ${(durationMs / 1000).toFixed(2)} s\n`,
      );
    }
    const medianMs = median(durationsMs);
    // The system's own mark: samples by a timer would miss what is held while the keys are sorted.
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    measured.push({ size, durationsMs, medianMs, perKeyMicroseconds: (medianMs * 1000) / size, peakBytes });
  }
  const { version } = process;
  return { at: systemClock.now().toISOString(), runs, cpus: availableParallelism(), node: version, sizes: measured };
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

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number from 1 on');
  return number;
}
