import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { execa } from '../programs/execa.ts';
import { systemClock } from '../domain/clock.ts';
import { projectFolder } from '../harness/project.ts';
import { bench, say } from './main.ts';
import { wholeNumberFrom } from '../bin/whole-number.ts';
import { overLimits, reconcileTable, type ReconcileFigures, type SizeFigures } from './reconcile-figures.ts';

const sizeFile = join(projectFolder, 'bench', 'reconcile-size.ts');
/** Those of a drill: it collects garbage early, and reconciliation is a part of it. */
const memorySettings = ['--max-old-space-size=160', '--max-semi-space-size=8'];
const sizes = [10_000, 100_000, 1_000_000] as const;

interface Options {
  runs: number;
}

const program = new Command('bench:reconcile')
  .description('Reconciles 10,000 to 1,000,000 rows, objects and documents from simulated listings.')
  .option('--runs <number>', 'measured runs of each size', wholeNumberFrom(1), 3);

await bench<Options, ReconcileFigures>({
  program,
  prefix: 'reconcile-',
  measure,
  table: reconcileTable,
  missed: overLimits,
});

async function measure({ runs }: Options, signal: AbortSignal): Promise<ReconcileFigures> {
  const measured: SizeFigures[] = [];
  for (const size of sizes) {
    signal.throwIfAborted();
    const { stdout } = await execa(process.execPath, [...memorySettings, sizeFile, String(size), String(runs)], {
      cancelSignal: signal,
    });
    const figures = JSON.parse(stdout) as SizeFigures;
    const seconds = figures.durationsMs.map((durationMs) => (durationMs / 1000).toFixed(2));
    say(`${size.toLocaleString('en').padStart(9)}  ${seconds.join(' s, ')} s`);
    measured.push(figures);
  }
  const { version } = process;
  return { at: systemClock.now().toISOString(), runs, cpus: availableParallelism(), node: version, sizes: measured };
}
