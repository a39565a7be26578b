import { randomBytes } from 'node:crypto';
import { posix } from 'node:path';
import type { PostgresConnection, PostgresServer } from '../../domain/service.ts';
import { withPostgres } from '../clients.ts';
import { postgresSettings, settingArguments } from '../postgres-settings.ts';
import { isRefusedLogin } from '../refused-login.ts';
import { overwriteContainerFile } from './container-files.ts';
import { implementationOf } from './implementation.ts';
import type { ImageChoice } from './images.ts';
import { LoopbackPostgres } from './loopback-container.ts';
import { runContainerTool } from './postgres-tool.ts';
import type { ContainerOptions } from './launch-container.ts';
import { startServiceContainer } from './service-container.ts';

export interface ContainerPostgresOptions extends ContainerOptions {
  choice: ImageChoice;
  /** The stack's database; it is created. */
  database: string;
  /** Over `postgresSettings`. */
  settings?: Readonly<Record<string, string>>;
}

export interface ContainerPostgres extends PostgresServer {
  /** The container that it runs in, by the engine's id. */
  readonly containerId: string;
}

const portInside = 5432;
const user = 'postgres';
const sharedMemoryBytes = 256 * 1024 ** 2;

/**
 * A new PostgreSQL server in a container. Its database was queried before this returns: `pg_isready`, which the
 * library waits for, says yes while the database is still missing.
 */
export async function startContainerPostgres(options: ContainerPostgresOptions): Promise<ContainerPostgres> {
  const { run, image, choice, database } = options;
  const password = randomBytes(18).toString('base64url');
  const port = { container: portInside, host: await run.freePort() };
  const connection: PostgresConnection = { host: '127.0.0.1', port: port.host, database, user, password };
  const make = (): LoopbackPostgres =>
    new LoopbackPostgres(image.reference)
      .withDatabase(database)
      .withUsername(user)
      .withPassword(password)
      // The same collation as the native engine: it is in every image, and sorts the same everywhere.
      .withEnvironment({ POSTGRES_INITDB_ARGS: '--encoding=UTF8 --locale=C.UTF-8 --no-sync' })
      .withCommand(['postgres', ...settingArguments({ ...postgresSettings, ...options.settings })])
      .withSharedMemorySize(sharedMemoryBytes)
      // The library's own check runs a program in the container four times a second for as long as it lives.
      .withHealthCheck({ test: ['NONE'] as unknown as ['CMD', ...string[]] });
  const service = await startServiceContainer(options, {
    service: 'postgres',
    make,
    port,
    dataFolder: dataFolderOf(image.volumes),
    // A new cluster in the place of a lost one would pass for the old server.
    startsEmpty: false,
    secrets: [password],
    runsAs: user,
    otherCredentials: {},
    ready: {
      whatFor: `an answer to SELECT 1 on 127.0.0.1:${port.host}`,
      probe: async () => (await ask(connection, 'SELECT 1')) !== undefined,
      alive: () =>
        ask(connection, 'SELECT 1').then(
          () => true,
          (error: unknown) => {
            if (isRefusedLogin(error)) return true;
            throw error;
          },
        ),
    },
  });
  // E.g. `15.18 (Debian 15.18-1.pgdg12+1)`: the version is its first word.
  const version = String(await ask(connection, 'SHOW server_version')).split(' ')[0] ?? 'unknown';
  // From 18 on it is not the folder that the volume is mounted at.
  const clusterFolder = String(await ask(connection, 'SHOW data_directory'));
  return {
    ...service,
    info: {
      service: 'postgres',
      role: options.role,
      implementation: implementationOf('PostgreSQL', choice),
      version,
      image: image.reference,
      imageId: image.id,
    },
    connection,
    get containerId() {
      return service.container().id;
    },
    overwriteFile: (path, content) =>
      overwriteContainerFile(service.container(), 'postgres', posix.join(clusterFolder, path), content),
    tool: (name, args, toolOptions) =>
      runContainerTool({ container: service.container(), connection }, name, args, toolOptions),
  };
}

/** Up to 17 the volume is the data folder itself; from 18 on the data folder is below it, by version. */
function dataFolderOf(volumes: readonly string[]): string {
  return volumes.find((volume) => volume.startsWith('/var/lib/postgresql')) ?? '/var/lib/postgresql/data';
}

async function ask(connection: PostgresConnection, query: string): Promise<unknown> {
  return withPostgres(
    connection,
    async (client) => {
      const { rows } = await client.query<unknown[]>({ text: query, rowMode: 'array' });
      return rows[0]?.[0];
    },
    { connectionTimeoutMillis: 2_000 },
  );
}
