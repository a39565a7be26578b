import { mkdir, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { systemClock } from '../domain/clock.ts';
import { messageOf } from '../domain/drill-error.ts';
import type { Progress } from '../domain/timeline.ts';
import { runbookFile, vocabulary } from '../harness/drill-runbook.ts';
import { projectFolder } from '../harness/project.ts';
import { loadRunbook } from '../runbooks/load.ts';
import { compare, overLimit, table, type Figures } from './figures.ts';
import { peakMemory } from './peak-memory.ts';
import { prepare } from './prepare.ts';
import { waysOf, type Way } from './ways.ts';

const limit = 1.1;

interface Options {
  rows: number;
  runs: number;
  seed: number;
  out: string;
}

const program = new Command('bench')
  .description('Restore and masked restore against pg_restore -j2 of the same dump into the same kind of server.')
  .option('--rows <number>', 'number of customers', wholeNumber, 200_000)
  .option('--runs <number>', 'measured runs of each way, by turns', wholeNumber, 5)
  .option('--seed <number>', 'number that makes the data', wholeNumber, 1)
  .option('--out <folder>', 'where the figures are written', join(projectFolder, 'bench', 'out'))
  .parse();

const progress: Progress = { info: (message) => say(message), advance: () => {} };

try {
  const figures = await measure(program.opts<Options>());
  const text = table(figures);
  const { out } = program.opts<Options>();
  const file = join(out, figures.at.slice(0, 19).replaceAll(':', ''));
  await mkdir(out, { recursive: true });
  await writeFile(`${file}.json`, `${JSON.stringify(figures, undefined, 2)}\n`);
  await writeFile(`${file}.md`, text);
  process.stdout.write(`\n${text}\nwritten to ${file}.md and .json\n`);
  process.exitCode = overLimit(figures).length === 0 ? 0 : 1;
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 3;
}

async function measure({ rows, runs, seed }: Options): Promise<Figures> {
  const { masking } = await loadRunbook(runbookFile('artfromromania'), vocabulary);
  await using prepared = await prepare({ rows, seed, progress });
  const { stack, dumpFile, restorePoint, source } = prepared;
  // Two servers at a time would share the machine; from here on the source has nothing to do.
  await source.stop();
  const ways = waysOf(prepared, masking);
  const times = ways.map(({ name, title }) => ({ name, title, durationsMs: new Array<number>() }));
  using memory = peakMemory();
  // The first round warms the caches up and is not counted.
  for (let round = 0; round <= runs; round += 1) {
    for (let turn = 0; turn < ways.length; turn += 1) {
      // Each round begins with another way, so that none always comes after the same one.
      const index = (round + turn) % ways.length;
      const durationMs = await runOnce(ways[index]!, (role) => stack.provision.postgres(role));
      if (round > 0) times[index]!.durationsMs.push(durationMs);
      say(
        `${round === 0 ? 'warm-up' : `run ${round}`}  ${ways[index]!.name.padEnd(15)} ${(durationMs / 1000).toFixed(2)} s`,
      );
    }
  }
  return {
    at: systemClock.now().toISOString(),
    rows,
    seed,
    runs,
    cpus: availableParallelism(),
    postgres: `${source.info.implementation} ${source.info.version}`,
    store: stack.backups.info.implementation,
    dumpBytes: (await stat(dumpFile)).size,
    storedBytes: restorePoint.manifest.dump.sizeBytes,
    memoryBytes: memory.peakBytes(),
    limit,
    ways: compare(times),
  };
}

async function runOnce(way: Way, provision: Prepared): Promise<number> {
  await using server = await provision('bench');
  return await way.run(server);
}

type Prepared = Awaited<ReturnType<typeof prepare>>['stack']['provision']['postgres'];

function wholeNumber(text: string): number {
  const number = Number(text);
  if (!Number.isSafeInteger(number) || number < 1) throw new InvalidArgumentError('expected a whole number from 1 on');
  return number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
