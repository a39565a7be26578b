import type { Client } from 'pg';
import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Command } from 'commander';
import { systemClock } from '../domain/clock.ts';
import type { PostgresServer } from '../domain/service.ts';
import type { Progress } from '../domain/timeline.ts';
import { runbookFile } from '../harness/drill-runbook.ts';
import { vocabulary } from '../harness/vocabulary.ts';
import { loadRunbook } from '../runbooks/load.ts';
import { backupWaysOf, type BackupWay } from './backup-ways.ts';
import { byTurns, type Used } from './by-turns.ts';
import { overLimit, table, type Figures } from './figures.ts';
import { bench, say } from './main.ts';
import { wholeNumberFrom } from '../bin/whole-number.ts';
import { processorTime, usedBetween } from './processor-time.ts';
import { prepare } from './prepare.ts';
import { makeTables } from './table-schema.ts';
import { waysOf, type Way } from './ways.ts';

const limit = 1.1;
const backupLimit = 1.6;

interface Options {
  customers: number;
  tables: number;
  partitions: number;
  runs: number;
  seed: number;
}

const program = new Command('bench')
  .description(
    'Backup against pg_dump with the same compression and encryption; restore and masked restore against pg_restore of the same dump, with the same parallelism and session settings, into the same kind of server.',
  )
  .option('--customers <number>', 'size of the database', wholeNumberFrom(1), 200_000)
  .option('--tables <number>', 'a database of many small tables instead, restored only', wholeNumberFrom(0), 0)
  .option('--partitions <number>', 'with that many partitions of one table', wholeNumberFrom(0), 0)
  .option('--runs <number>', 'measured runs of each way, by turns; 6 are balanced', wholeNumberFrom(1), 6)
  .option('--seed <number>', 'number that makes the data', wholeNumberFrom(1), 1);

const progress: Progress = { info: (message) => say(message), advance: () => {} };

await bench<Options, Figures>({ program, measure, table, missed: overLimit });

async function measure(options: Options, signal: AbortSignal): Promise<Figures> {
  const { customers: rows, tables, partitions, runs, seed } = options;
  const isOfTables = tables + partitions > 0;
  const { masking } = await loadRunbook(runbookFile('artfromromania'), vocabulary);
  const fill = (client: Client): Promise<void> => makeTables(client, { tables, partitions });
  await using prepared = await prepare({ rows, seed, progress, signal, ...(isOfTables && { fill }) });
  const { stack, dumpFile, restorePoint, source } = prepared;
  const { ways: backups } = await byTurns(isOfTables ? [] : backupWaysOf(prepared), { runs, signal }, (way) =>
    backUp(way, source),
  );
  // Two servers at a time would share the machine; from here on the source has nothing to do.
  await source.stop();
  // The policy is that of the system's own tables.
  const restoreWays = waysOf(prepared, masking).filter(({ name }) => !isOfTables || name !== 'masked restore');
  const { ways, memoryBytes } = await byTurns(restoreWays, { runs, signal }, (way) =>
    restore(way, (role) => stack.provision.postgres(role)),
  );
  return {
    at: systemClock.now().toISOString(),
    database: isOfTables
      ? `${tables.toLocaleString('en')} tables, ${partitions.toLocaleString('en')} partitions`
      : `${rows.toLocaleString('en')} customers`,
    seed,
    runs,
    cpus: availableParallelism(),
    postgres: `${source.info.implementation} ${source.info.version}`,
    store: stack.backups.info.implementation,
    dumpBytes: (await stat(dumpFile)).size,
    storedBytes: restorePoint.manifest.dump.sizeBytes,
    memoryBytes,
    limit,
    ways,
    backupLimit,
    backups,
  };
}

async function restore(way: Way, provision: Prepared): Promise<Used> {
  await using server = await provision('bench');
  const before = await processorTime(server);
  const durationMs = await way.run(server);
  return { durationMs, ...usedBetween(before, await processorTime(server)) };
}

async function backUp(way: BackupWay, source: PostgresServer): Promise<Used> {
  const before = await processorTime(source);
  const durationMs = await way.run();
  return { durationMs, ...usedBetween(before, await processorTime(source)) };
}

type Prepared = Awaited<ReturnType<typeof prepare>>['stack']['provision']['postgres'];
