import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { execa } from 'execa';
import { systemClock } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import { projectFolder } from '../harness/project.ts';
import { overLimits, reconcileTable, type ReconcileFigures, type SizeFigures } from './reconcile-figures.ts';

const sizeFile = join(projectFolder, 'bench', 'reconcile-size.ts');
/** Those of a drill: it collects garbage early, and reconciliation is a part of it. */
const memorySettings = ['--max-old-space-size=160', '--max-semi-space-size=8'];
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
  const measured: SizeFigures[] = [];
  for (const size of sizes) {
    const { stdout } = await execa(process.execPath, [...memorySettings, sizeFile, String(size), String(runs)]);
    const figures = JSON.parse(stdout) as SizeFigures;
    const seconds = figures.durationsMs.map((durationMs) => (durationMs / 1000).toFixed(2));
    process.stdout.write(`${size.toLocaleString('en').padStart(9)}  ${seconds.join(' s, ')} s\n`);
    measured.push(figures);
  }
  const { version } = process;
  return { at: systemClock.now().toISOString(), runs, cpus: availableParallelism(), node: version, sizes: measured };
}

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number from 1 on');
  return number;
}
