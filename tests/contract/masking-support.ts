import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { generateIdentity, identityToRecipient } from 'age-encryption';
import { systemClock } from '../../domain/clock.ts';
import type { MaskingPolicy } from '../../domain/masking.ts';
import type { RestorePoint } from '../../domain/recovery.ts';
import type { ObjectStore, PostgresServer } from '../../domain/service.ts';
import type { Canary } from '../../domain/system.ts';
import type { MaskedCopyObservation } from '../../checks/masking.ts';
import { measureDatabase } from '../../harness/steps/leaks.ts';
import { rowCounts } from '../../harness/steps/masked-structure.ts';
import { showSpecimens } from '../../harness/steps/scanner-proof.ts';
import { readColumns } from '../../masking/columns.ts';
import { clearedTables, observeMaskedColumns } from '../../masking/observe.ts';
import { readMovedPartitions } from '../../masking/partition-keys.ts';
import { createMaskingPlan, type MaskingPlan } from '../../masking/plan.ts';
import { policyProblems } from '../../masking/policy.ts';
import { readRoleVerifiers, compareRolePasswords } from '../../masking/role-passwords.ts';
import { SourceDigests } from '../../masking/scan.ts';
import { makeSpecimens } from '../../masking/specimens.ts';
import { backupDatabase } from '../../recovery/backup-database.ts';
import { observeDatabase } from '../../recovery/observe-database.ts';
import { restoreDatabase } from '../../recovery/restore-database.ts';
import { objectClient, withPostgres } from '../../stack/clients.ts';
import { startNativeObjects } from '../../stack/native/objects.ts';
import { startNativePostgres } from '../../stack/native/postgres.ts';
import { createRunContext, type RunContext } from '../../stack/run-context.ts';

/** A source server with a backup of it, and what it takes to restore that backup masked. */
export interface MaskingBench extends AsyncDisposable {
  readonly run: RunContext;
  readonly source: PostgresServer;
  /** Backs the source up. */
  backup(): Promise<RestorePoint>;
  /** A new, empty server. */
  server(role: string): Promise<PostgresServer>;
  /** Restores into a server under a policy; gives the plan for its statistics. */
  restoreMasked(point: RestorePoint, target: PostgresServer, policy: MaskingPolicy): Promise<MaskingPlan>;
}

/** Starts the source server and a store for backups; everything it starts ends when it is disposed. */
export async function createBench(database: string): Promise<MaskingBench> {
  const run = await createRunContext({ runId: `masking-${randomBytes(4).toString('hex')}`, engine: 'native' });
  const started: AsyncDisposable[] = [run];
  const dispose = async () => {
    for (const one of started.toReversed()) await one[Symbol.asyncDispose]();
  };
  const keep = async <T extends AsyncDisposable>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.push(one);
    return one;
  };
  try {
    const source = await keep(startNativePostgres(run, 'source', { database }));
    const store: ObjectStore = await keep(startNativeObjects(run, 'backups', { service: 'backups' }));
    await objectClient(store.access).makeBucket('backups');
    const identity = await generateIdentity();
    const recipient = await identityToRecipient(identity);
    return {
      run,
      source,
      backup: () =>
        backupDatabase({
          source,
          store: store.access,
          bucket: 'backups',
          recipient,
          compression: 'zstd',
          clock: systemClock,
        }),
      server: (role) => keep(startNativePostgres(run, role, { database })),
      restoreMasked: async (restorePoint, target, policy) => {
        const masking = createMaskingPlan(policy);
        await restoreDatabase({
          restorePoint,
          store: store.access,
          identity,
          target,
          roles: 'without-passwords',
          plan: (shape) => masking.plan(shape),
          largeObjects: masking.largeObjects,
          beforeRows: (client) => masking.beforeRows(client),
          clock: systemClock,
        });
        return masking;
      },
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}

/** Runs SQL, of several statements where there are several. */
export async function sql<T extends object>(server: PostgresServer, text: string): Promise<T[]> {
  return withPostgres(server.connection, async (client) => (await client.query<T>(text)).rows);
}

/** Everything that the checks of a masked copy judge, measured on the two servers. */
export async function observeCopy(
  source: PostgresServer,
  point: RestorePoint,
  masked: PostgresServer,
  policy: MaskingPolicy,
  canaries: readonly Canary[],
): Promise<MaskedCopyObservation> {
  const digests = new SourceDigests();
  const options = { canaries, clock: systemClock };
  const before = await measureDatabase(source.connection, { ...options, collect: digests });
  const after = await measureDatabase(masked.connection, { ...options, sourceDigests: digests });
  const scanner = await showSpecimens(masked.connection, { specimens: makeSpecimens(1), shown: () => true, options });
  const roles = await Promise.all(
    [masked, source].map(({ connection }) => withPostgres(connection, readRoleVerifiers)),
  );
  return withPostgres(masked.connection, async (client) => {
    const content = await observeDatabase(client);
    const held = point.manifest.content;
    const moved = await readMovedPartitions(client, policy);
    const columns = await readColumns(client);
    return {
      classified: { columns: columns.length, problems: policyProblems(policy, columns) },
      canaries,
      scanner,
      before: before.result,
      after: after.result,
      extents: { before: before.extents, after: after.extents },
      source: { ...held, rows: rowCounts(held, moved) },
      masked: { ...content, rows: rowCounts(content, moved) },
      cleared: await clearedTables(client, policy),
      columns: await observeMaskedColumns(client, policy),
      rolePasswords: compareRolePasswords(roles[0]!, roles[1]!, [source.connection.password]),
    };
  });
}

/** Files of a server's data folder, write-ahead log included, that hold one of the texts; the server was flushed first. */
export async function filesHolding(server: PostgresServer, texts: readonly string[]): Promise<string[]> {
  const [row] = await sql<{ folder: string }>(server, `SELECT current_setting('data_directory') AS folder`);
  await sql(server, 'CHECKPOINT');
  return filesUnder(row!.folder, texts);
}

/** Files under a folder that hold one of the texts, as `file: text`. */
export async function filesUnder(folder: string, texts: readonly string[]): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const holding: string[] = [];
  for (const entry of entries.filter((one) => one.isFile())) {
    const file = join(entry.parentPath, entry.name);
    const bytes = await readFile(file);
    for (const text of texts) if (bytes.includes(text)) holding.push(`${file.slice(folder.length + 1)}: ${text}`);
  }
  return holding;
}

/** Runs a file through `psql` in the server's own database. */
export async function psql(server: PostgresServer, text: string): Promise<void> {
  const tool = server.tool('psql', ['--no-psqlrc', '--quiet', '--set=ON_ERROR_STOP=1', '--file=-'], {
    input: Readable.from([text]),
  });
  tool.stdout.resume();
  await tool.completed;
}
