import { writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { mkdir, rm } from 'node:fs/promises';
import { identityToRecipient } from 'age-encryption';
import { Command } from 'commander';
import { systemClock, timed } from '../domain/clock.ts';
import { DrillError } from '../domain/drill-error.ts';
import type { MaskingPolicy } from '../domain/masking.ts';
import type { PostgresServer } from '../domain/service.ts';
import type { Progress } from '../domain/timeline.ts';
import { runbookFile } from '../harness/drill-runbook.ts';
import { vocabulary } from '../harness/vocabulary.ts';
import { createMaskingPlan } from '../masking/plan.ts';
import { execa } from '../programs/execa.ts';
import { backupDatabase } from '../recovery/backup-database.ts';
import { observeTables } from '../recovery/observe-tables.ts';
import { restoreDatabase } from '../recovery/restore-database.ts';
import { withinSnapshot } from '../recovery/within-snapshot.ts';
import { loadRunbook } from '../runbooks/load.ts';
import { withPostgres } from '../stack/clients.ts';
import { requirePostgresPrograms } from '../stack/native/postgres-programs.ts';
import { byTurns, type Used } from './by-turns.ts';
import { tableOf, type WayFigures } from './figures.ts';
import { greenmaskConfig } from './greenmask-config.ts';
import { bench, say } from './main.ts';
import { wholeNumberFrom } from '../bin/whole-number.ts';
import { prepare, type Prepared } from './prepare.ts';
import { processorTime, usedBetween } from './processor-time.ts';

const limit = 1;

interface Options {
  customers: number;
  runs: number;
  seed: number;
}

interface Figures {
  at: string;
  rows: number;
  runs: number;
  cpus: number;
  greenmask: string;
  /** Rows of the source, without the tables that the policy clears, and of the copies. */
  sourceRows: number;
  copiedRows: Record<string, number>;
  limit: number;
  ways: WayFigures[];
}

interface Way {
  name: string;
  title: string;
  /** From the source into the target. */
  run(target: PostgresServer): Promise<void>;
}

const program = new Command('bench:greenmask')
  .description(
    'A masked copy of a live database, dump and restore, against Greenmask with the same policy. FIREDRILL_GREENMASK names its program.',
  )
  .option('--customers <number>', 'size of the database', wholeNumberFrom(1), 100_000)
  .option('--runs <number>', 'measured runs of each way, by turns', wholeNumberFrom(1), 4)
  .option('--seed <number>', 'number that makes the data', wholeNumberFrom(1), 1);

const progress: Progress = { info: (message) => say(message), advance: () => {} };

await bench<Options, Figures>({
  program,
  prefix: 'greenmask-',
  measure,
  table,
  missed: ({ ways }) => ways.filter(({ ratio }) => ratio > limit).map(({ name }) => name),
});

async function measure({ customers: rows, runs, seed }: Options, signal: AbortSignal): Promise<Figures> {
  const file = requireGreenmask();
  const { stdout: greenmask } = await execa(file, ['--version']);
  const { masking } = await loadRunbook(runbookFile('artfromromania'), vocabulary);
  await using prepared = await prepare({ rows, seed, progress, signal });
  const { source, stack, rolesFile } = prepared;
  const isCopied = (name: string): boolean => masking.tables[name]?.clear !== true;
  const copiedRows: Record<string, number> = {};
  const { ways } = await byTurns(await waysOf(prepared, masking, file), { runs, signal }, async (way) => {
    await using target = await stack.provision.postgres('bench');
    if (way.name === 'greenmask') {
      // The superuser exists already: that statement fails, and the others count.
      await target.tool('psql', ['--no-psqlrc', '--quiet', '--output=/dev/null', `--file=${rolesFile}`]).completed;
    }
    const used = await usedBy(() => way.run(target), [source, target]);
    copiedRows[way.name] = await rowsOf(target, isCopied);
    return used;
  });
  return {
    at: systemClock.now().toISOString(),
    rows,
    runs,
    limit,
    ways,
    copiedRows,
    greenmask: greenmask.trim(),
    cpus: availableParallelism(),
    sourceRows: await rowsOf(source, isCopied),
  };
}

function requireGreenmask(): string {
  const file = process.env['FIREDRILL_GREENMASK'];
  if (file !== undefined && file !== '') return file;
  throw new DrillError({
    code: 'configuration',
    what: 'this benchmark needs Greenmask',
    expected: 'its program in FIREDRILL_GREENMASK',
    actual: 'it is not set',
    hint: 'go install github.com/greenmaskio/greenmask/cmd/greenmask@v0.2.22',
  });
}

async function waysOf(
  { source, stack, identity, dumpFile }: Prepared,
  policy: MaskingPolicy,
  file: string,
): Promise<Way[]> {
  const { folder: programs } = await requirePostgresPrograms();
  const folder = join(dirname(dumpFile), 'greenmask');
  const recipient = await identityToRecipient(identity);
  const jobs = availableParallelism();
  return [
    {
      name: 'greenmask',
      title: `greenmask dump and restore, -j${jobs}, gzip, into a folder; roles made before`,
      run: async (target) => {
        await mkdir(folder, { recursive: true });
        const config = join(folder, 'config.yml');
        const places = { programs, folder, source: source.connection, target: target.connection, jobs };
        await writeFile(config, greenmaskConfig(policy, places), { mode: 0o600 });
        await execa(file, ['--config', config, 'dump']);
        await execa(file, ['--config', config, 'restore', 'latest']);
        await rm(folder, { recursive: true });
      },
    },
    {
      name: 'firedrill',
      title: 'backup with digests, zstd and age into the store, and masked restore from it; roles too',
      run: async (target) => {
        const store = stack.backups.access;
        const stored = {
          source,
          store,
          bucket: 'backups',
          recipient,
          compression: 'zstd',
          clock: systemClock,
        } as const;
        const restorePoint = await backupDatabase(stored);
        const masking = createMaskingPlan(policy);
        await restoreDatabase({
          restorePoint,
          identity,
          store,
          target,
          clock: systemClock,
          roles: 'without-passwords',
          plan: (shape) => masking.plan(shape),
          largeObjects: masking.largeObjects,
          beforeRows: (client) => masking.beforeRows(client),
        });
      },
    },
  ];
}

async function usedBy(work: () => Promise<void>, servers: readonly PostgresServer[]): Promise<Used> {
  const before = await Promise.all(servers.map((server) => processorTime(server)));
  const { durationMs } = await timed(systemClock, work);
  const after = await Promise.all(servers.map((server) => processorTime(server)));
  const used = after.map((each, index) => usedBetween(before[index]!, each));
  return { durationMs, clientMs: used[0]!.clientMs, serverMs: used.reduce((sum, { serverMs }) => sum + serverMs, 0) };
}

async function rowsOf(server: PostgresServer, isCounted: (table: string) => boolean): Promise<number> {
  return withPostgres(server.connection, async (client) => {
    const tables = await withinSnapshot(client, () => observeTables(client, 3));
    return Object.entries(tables).reduce((sum, [name, { rows }]) => sum + (isCounted(name) ? rows : 0), 0);
  });
}

function table({ rows, runs, cpus, greenmask, sourceRows, copiedRows, ways }: Figures): string {
  const count = (number: number): string => number.toLocaleString('en');
  return [
    `${count(rows)} customers, ${runs} runs of each way by turns, ${cpus} cores, ${greenmask}.`,
    '',
    ...tableOf(ways),
    '',
    `Rows of the source: ${count(sourceRows)}; ${Object.entries(copiedRows)
      .map(([name, copied]) => `of the copy by ${name}: ${count(copied)}`)
      .join('; ')}.`,
    '',
  ].join('\n');
}
