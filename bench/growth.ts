import { mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import prettyBytes from 'pretty-bytes';
import { passOn } from '../bin/ending.ts';
import { systemClock } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { DrillRecord } from '../domain/record.ts';
import type { TimelineEvent } from '../domain/timeline.ts';
import { removeOnExit } from '../files/remove-on-exit.ts';
import { projectFolder } from '../harness/project.ts';
import { execa } from '../programs/execa.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { growthOf, growthTable, notLinear, type GrowthFigures, type SizeGrowth } from './growth-figures.ts';
import { bench, say } from './main.ts';

const drill = 'db-loss';

/**
 * What a drill has on disk for each customer at its largest, as an estimate: some 8 kB are used when the system is seeded,
 * and the recovered server and the masked copy come beside it.
 */
const diskBytesPerRow = 25_000;

interface Options {
  sizes: readonly number[];
}

const program = new Command('bench:growth')
  .description(
    `Plays ${drill} with more and more customers and shows what each step takes, and whether it grows linearly.`,
  )
  .option('--sizes <numbers>', 'customers of each run, the smallest first', sizesOf, [20_000, 200_000, 1_000_000]);

await bench<Options, GrowthFigures>({
  program,
  prefix: 'growth-',
  measure,
  table: growthTable,
  missed: notLinear,
});

async function measure({ sizes }: Options, signal: AbortSignal): Promise<GrowthFigures> {
  await requireDisk(Math.max(...sizes));
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-bench-growth-'));
  const forget = removeOnExit(folder);
  const measured: SizeGrowth[] = [];
  let postgres = '';
  try {
    for (const rows of sizes) {
      signal.throwIfAborted();
      say(`${drill} with ${rows.toLocaleString('en')} customers`);
      const { record, events } = await play(rows, folder, signal);
      const growth = growthOf(rows, record, events);
      const service = record.services.find(({ name }) => name === 'postgres');
      postgres = `${service?.implementation} ${service?.version}`;
      say(`${(growth.totalMs / 1000).toFixed(1)} s, ${record.verdict}`);
      measured.push(growth);
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
    forget();
  }
  return { at: systemClock.now().toISOString(), cpus: availableParallelism(), drill, postgres, sizes: measured };
}

/** Plays the drill as a person does. A red verdict is no failure of the benchmark: the objectives are those of a small size. */
async function play(
  rows: number,
  folder: string,
  signal: AbortSignal,
): Promise<{ record: DrillRecord; events: TimelineEvent[] }> {
  const out = join(folder, String(rows));
  const places = ['--out', out, '--ledger', join(folder, 'ledger')];
  const file = join(projectFolder, 'bin', 'firedrill.ts');
  // The flags are those of its first line, as a user runs it.
  const [, flags = ''] = /^#!.*? node (.*)$/m.exec(await readFile(file, 'utf8')) ?? [];
  const args = [...flags.split(' '), file, 'run', drill, '--engine', 'native', '--rows', String(rows), ...places];
  const running = execa(process.execPath, args, { reject: false, all: true });
  const stopPassing = passOn(signal, running);
  const { all, exitCode } = await running.finally(stopPassing);
  signal.throwIfAborted();
  try {
    const recordFile = join(out, 'drill.json');
    const record = parseRecord(await readFile(recordFile, 'utf8'), recordFile);
    const lines = (await readFile(join(out, 'timeline.jsonl'), 'utf8')).trimEnd().split('\n');
    return { record, events: lines.map((line) => JSON.parse(line) as TimelineEvent) };
  } catch (cause) {
    throw new DrillError({
      code: 'internal',
      what: `the drill with ${rows.toLocaleString('en')} customers left no record`,
      expected: 'drill.json and timeline.jsonl in its folder',
      actual: `exit ${exitCode}: ${all.slice(-1_000)}`,
      cause,
    });
  }
}

async function requireDisk(rows: number): Promise<void> {
  const { bavail, bsize } = await statfs(tmpdir());
  const [free, needed] = [bavail * bsize, rows * diskBytesPerRow];
  if (free >= needed) return;
  throw new DrillError({
    code: 'configuration',
    what: `the disk is too small for a drill with ${rows.toLocaleString('en')} customers`,
    expected: `${prettyBytes(needed)} free`,
    actual: `${prettyBytes(free)} free`,
    where: tmpdir(),
    hint: 'Give smaller sizes with --sizes, or another folder with TMPDIR.',
  });
}

function sizesOf(text: string): number[] {
  const sizes = text.split(',').map(Number);
  const grow = sizes.every((size, index) => Number.isSafeInteger(size) && size > (sizes[index - 1] ?? 0));
  if (grow) return sizes;
  throw new InvalidArgumentError('expected whole numbers that grow, as in 20000,200000');
}
