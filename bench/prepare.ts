import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { systemClock } from '../domain/clock.ts';
import type { RestorePoint } from '../domain/recovery.ts';
import type { PostgresServer, Stack } from '../domain/service.ts';
import type { Progress } from '../domain/timeline.ts';
import { systems } from '../fixtures/index.ts';
import { backupDatabase } from '../recovery/backup-database.ts';
import { objectClient, withPostgres } from '../stack/clients.ts';
import { startStack } from '../stack/index.ts';

/** The system whose database is measured with. */
const systemName = 'art-market';

/** A seeded database with its two dumps: an encrypted one in the store, and a plain one on disk for the baseline. */
export interface Prepared extends AsyncDisposable {
  stack: Stack;
  source: PostgresServer;
  restorePoint: RestorePoint;
  identity: string;
  /** The file of `pg_dump -Fc -Z0`. */
  dumpFile: string;
  /** The roles, which the baseline's servers get before they are measured; without passwords, to keep their own. */
  rolesFile: string;
}

interface PrepareOptions {
  rows: number;
  seed: number;
  /** Fills the empty database otherwise than with the rows of the system. */
  fill?: (client: Client) => Promise<void>;
  progress: Progress;
  signal: AbortSignal;
}

/** Starts the servers, seeds and dumps. Disposing it ends and deletes everything. */
export async function prepare(options: PrepareOptions): Promise<Prepared> {
  const { rows, seed, fill, progress, signal } = options;
  const system = systems[systemName];
  if (!system) throw new Error(`there is no system ${systemName}`);
  const folder = await mkdtemp(join(tmpdir(), 'firedrill-bench-'));
  await chmod(folder, 0o700);
  const runId = `bench-${randomBytes(4).toString('hex')}`;
  let stack: Stack | undefined;
  const dispose = async (): Promise<void> => {
    await stack?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    stack = await startStack({ engine: 'native', runId, database: system.database, signal });
    const { postgres: source, objects, search, backups } = stack;
    progress.info(`${source.info.implementation} ${source.info.version}, backups on ${backups.info.implementation}`);
    if (fill) await withPostgres(source.connection, fill);
    else {
      progress.info(`seeding ${rows.toLocaleString('en')} ${system.rowUnit}`);
      const stores = { postgres: source.connection, objects: objects.access, search: search.access };
      await system.seed(stores, { seed, rows, progress, signal });
    }
    await search.stop();
    const identity = await generateX25519Identity();
    await objectClient(backups.access).makeBucket('backups');
    const restorePoint = await backupDatabase({
      source,
      store: backups.access,
      bucket: 'backups',
      recipient: await identityToRecipient(identity),
      compression: 'zstd',
      clock: systemClock,
    });
    signal.throwIfAborted();
    const dumpFile = join(folder, 'database.dump');
    const rolesFile = join(folder, 'roles.sql');
    await source.tool('pg_dump', ['--format=custom', '--compress=0', `--file=${dumpFile}`], { signal }).completed;
    await source.tool('pg_dumpall', ['--roles-only', '--no-role-passwords', `--file=${rolesFile}`]).completed;
    return { stack, source, restorePoint, identity, dumpFile, rolesFile, [Symbol.asyncDispose]: dispose };
  } catch (error) {
    await dispose();
    throw error;
  }
}
