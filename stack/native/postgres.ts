import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PostgresConnection, PostgresServer, ServiceInfo, StartChanges } from '../../domain/service.ts';
import { withPostgres } from '../clients.ts';
import { isRefusedLogin } from '../refused-login.ts';
import { readLogTail } from '../log-tail.ts';
import { waitUntilPortCloses } from '../marks/listening-ports.ts';
import { killAll, signalProcess } from '../marks/process-identity.ts';
import { clusterName, isOfServer } from '../marks/marked-processes.ts';
import { findProcesses } from '../marks/process-table.ts';
import { readServerSegment, removeServerSegment, type ServerSegment } from '../marks/shared-memory.ts';
import { endProcess, spawnMarked, type MarkedProcess } from '../marks/spawn.ts';
import { postgresSettings, settingArguments } from '../postgres-settings.ts';
import type { RunContext } from '../run-context.ts';
import { smallDisk } from '../small-disk.ts';
import { changedStart } from '../start-changes.ts';
import { unprivilegedUser } from '../system-user.ts';
import { waitUntil } from '../wait.ts';
import { overwriteDataFile } from './data-files.ts';
import { createCluster, type PostgresCluster } from './postgres-cluster.ts';
import { requirePostgresPrograms } from './postgres-programs.ts';
import { runPostgresTool } from './postgres-tool.ts';
import { stillRunning } from './still-running.ts';

export interface NativePostgresOptions {
  /** The stack's database; it is created. */
  database: string;
  /** Over `postgresSettings`. */
  settings?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  startTimeoutMs?: number;
}

/**
 * A new PostgreSQL server of this machine's installation, in a data folder and on a port of its own, never as root.
 * Its database was queried before this returns. Throws a `DrillError` (`engine-missing`, `service-start`).
 */
export async function startNativePostgres(
  run: RunContext,
  role: string,
  options: NativePostgresOptions,
): Promise<PostgresServer> {
  const signal = options.signal ? AbortSignal.any([run.signal, options.signal]) : run.signal;
  const [programs, user] = await Promise.all([requirePostgresPrograms(), unprivilegedUser()]);
  const cluster = await createCluster(run, { role, programs, user, signal });
  const server = nativePostgres(run, role, cluster, options, signal);
  try {
    await server.launch(cluster.superuser);
    await createDatabase({ ...server.connection, database: 'postgres' }, options.database);
    await server.askDatabase();
    return server;
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
}

function nativePostgres(
  run: RunContext,
  role: string,
  cluster: PostgresCluster,
  options: NativePostgresOptions,
  signal: AbortSignal,
): PostgresServer & { launch(database: string): Promise<void>; askDatabase(): Promise<void> } {
  const { dataFolder, port, password, superuser } = cluster;
  const { database, settings = {}, startTimeoutMs = 60_000 } = options;
  const what = `postgres (${role})`;
  const logFile = join(run.folder, `postgres-${role}-${port}.log`);
  const connection: PostgresConnection = { host: '127.0.0.1', port, database, user: superuser, password };
  const info: ServiceInfo = {
    service: 'postgres',
    role,
    implementation: 'PostgreSQL (local binary)',
    version: cluster.programs.version,
  };
  const cluster_name = clusterName(run.runId, port);
  const identity = { cluster_name, ...addresses(cluster) };
  const logTail = (lines?: number): Promise<string> => readLogTail(logFile, lines, [password]);
  let server: MarkedProcess | undefined;
  let segment: ServerSegment | undefined;
  const isRunning = (): boolean => server?.isRunning() ?? false;

  const answer = async (asked: PostgresConnection, changes?: StartChanges): Promise<void> => {
    await waitUntil('postgres', `an answer to SELECT 1 on 127.0.0.1:${port}`, () => select1(asked, changes), {
      role,
      timeoutMs: startTimeoutMs,
      clock: run.clock,
      signal,
      logTail,
      ...(server && { exited: server.exited }),
    });
  };

  const disk = smallDisk({ run, service: 'postgres', folder: async () => dataFolder });

  const launch = async (asked: string, changes?: StartChanges): Promise<void> => {
    if (isRunning()) return;
    const changed = changes && (await changedStart({ service: 'postgres', otherCredentials: {} }, changes));
    server = await spawnMarked(run, {
      service: 'postgres',
      what,
      file: join(cluster.programs.folder, 'postgres'),
      args: ['-D', dataFolder, ...settingArguments({ ...postgresSettings, ...identity, ...settings })],
      environment: { HOME: cluster.folder, ...changed?.environment },
      user: cluster.user,
      cwd: cluster.folder,
      logFile,
      exitSignal: 'SIGQUIT',
    });
    await answer({ ...connection, database: asked }, changes);
    segment = await readServerSegment(dataFolder);
  };

  const kill = async (): Promise<void> => {
    segment = (await readServerSegment(dataFolder)) ?? segment;
    server?.signal('SIGKILL');
    await server?.exited;
    // Sessions end by themselves soon after the main process, unless they are busy. A crash does not wait for them.
    await killAll(() => findProcesses((seen) => isOfServer(seen, cluster_name, dataFolder)));
    await waitUntilPortCloses(port);
    if (segment !== undefined && (await removeServerSegment(segment))) segment = undefined;
  };

  // Each session is in a process group of its own: the server is found by its name.
  const signalAll = (name: NodeJS.Signals): void => {
    for (const process of findProcesses((seen) => isOfServer(seen, cluster_name, dataFolder))) {
      signalProcess(process, name);
    }
  };

  const pause = async (): Promise<void> => {
    // The main process first: from then on no other is started.
    if (server?.signal('SIGSTOP')) signalAll('SIGSTOP');
  };

  const resume = async (): Promise<void> => {
    if (isRunning()) signalAll('SIGCONT');
  };

  const deleteData = async (): Promise<void> => {
    if (isRunning()) throw stillRunning(what);
    await disk.drop();
    await rm(dataFolder, { recursive: true, force: true });
  };

  return {
    info,
    connection,
    launch,
    askDatabase: () => answer(connection),
    start: (changes) => launch(database, changes),
    kill,
    stop: async () => {
      // SIGINT is the fast shutdown: sessions are ended, the data is written.
      if (server === undefined || !isRunning()) return;
      await resume();
      if (!(await endProcess(server, 'SIGINT', 60_000))) await kill();
    },
    pause,
    resume,
    isRunning: async () => isRunning(),
    place: { kind: 'process', port, dataFolder },
    deleteData,
    disk,
    overwriteFile: (path, content) => overwriteDataFile(dataFolder, path, content),
    dataExists: async () => (await readdir(dataFolder).catch(() => [])).length > 0,
    logTail,
    tool: (name, args, toolOptions) => runPostgresTool(run, cluster, database, name, args, toolOptions),
    [Symbol.asyncDispose]: async () => {
      await kill();
      await deleteData();
    },
  };
}

function addresses({ port, socketFolder }: PostgresCluster): Record<string, string> {
  return {
    listen_addresses: '127.0.0.1',
    port: String(port),
    // A list; the quotes keep a folder whose name has a comma or a space one entry.
    unix_socket_directories: socketFolder === undefined ? '' : `"${socketFolder}"`,
  };
}

/** With changes, a login that the server refuses is an answer of it too. */
async function select1(connection: PostgresConnection, changes: StartChanges | undefined): Promise<true> {
  try {
    await withPostgres(connection, (client) => client.query('SELECT 1'), { connectionTimeoutMillis: 2_000 });
  } catch (error) {
    if (!(changes?.otherCredentials && isRefusedLogin(error))) throw error;
  }
  return true;
}

async function createDatabase(connection: PostgresConnection, database: string): Promise<void> {
  if (database === 'postgres') return;
  await withPostgres(connection, (client) => client.query(`CREATE DATABASE ${client.escapeIdentifier(database)}`));
}
