import { Agent } from 'node:http';
import { createRequire } from 'node:module';
import { Meilisearch } from 'meilisearch';
import type * as Minio from 'minio';
import type { Client as MinioClient } from 'minio';
import { Client, type ClientConfig } from 'pg';
import type { ObjectStoreAccess, PostgresConnection, SearchAccess } from '../domain/service.ts';
import { pooled } from './own-environment.ts';
import { sessionOptions } from './session-settings.ts';

const load = createRequire(import.meta.url);

/** The library for object stores. It is loaded when somebody needs it: that takes a sixth of a second of processor time. */
export function objectLibrary(): typeof Minio {
  return load('minio') as typeof Minio;
}

/** Where an object store is: one of the stack, or one of elsewhere, which is asked over TLS. */
export type ObjectStoreAddress = Omit<ObjectStoreAccess, 'useSSL'> & { useSSL: boolean };

export interface ObjectClientOptions {
  /** Holds the connections of the client; default one that is shared and keeps them for the next request. */
  agent?: Agent;
}

/**
 * The S3 client for a store. It sends a request once: the library's own second attempt would hide an
 * error from the drill, send a stream that was read already, and write to the console.
 */
export function objectClient(access: ObjectStoreAddress, { agent }: ObjectClientOptions = {}): MinioClient {
  const { endpoint, port, useSSL, region, accessKey, secretKey } = access;
  const retryOptions = { disableRetry: true };
  const { Client: MinioClient } = objectLibrary();
  return new MinioClient({
    endPoint: endpoint,
    port,
    useSSL,
    region,
    accessKey,
    secretKey,
    pathStyle: true,
    retryOptions,
    // Never by the proxy of a person. A store of elsewhere is reached as everything else of elsewhere is.
    ...(!useSSL && { transportAgent: agent ?? direct }),
    ...(useSSL && agent && { transportAgent: agent }),
  });
}

const direct = new Agent(pooled);

export interface SearchClientOptions {
  /** How long `waitTask` waits; default two minutes. */
  taskTimeoutMs?: number;
  /** How long a request may take; without it, as long as it needs. */
  requestTimeoutMs?: number;
}

/** The Meilisearch client. */
export function searchClient(
  access: SearchAccess,
  { taskTimeoutMs = 120_000, requestTimeoutMs }: SearchClientOptions = {},
): Meilisearch {
  return new Meilisearch({
    host: access.host,
    apiKey: access.masterKey,
    ...(requestTimeoutMs !== undefined && { timeout: requestTimeoutMs }),
    defaultWaitOptions: { timeout: taskTimeoutMs, interval: 25 },
  });
}

/**
 * What `pg` would take from the variables of PostgreSQL (`PGSSLMODE`, `PGOPTIONS`, `PGAPPNAME`) where it is not given:
 * no TLS within the machine, and the settings of every session of ours, whatever its database and its user have.
 */
const ownSession = {
  connectionTimeoutMillis: 10_000,
  ssl: false,
  options: sessionOptions,
  application_name: 'firedrill',
} as const;

/**
 * A connected Postgres client; pass `options: ' '` for a session as an application has it. An error of an idle
 * connection (the server was killed under it) is swallowed here, since the next query reports it; without a listener it
 * would end the process.
 */
export async function connectPostgres(connection: PostgresConnection, options?: ClientConfig): Promise<Client> {
  const client = new Client({ ...ownSession, ...connection, ...options });
  client.on('error', () => {});
  const told = new Map<string, string>();
  client.connection.on('parameterStatus', ({ parameterName, parameterValue }: ParameterStatus) =>
    told.set(parameterName, parameterValue),
  );
  await client.connect();
  // Not known before version 17, whose servers would refuse the whole session for it.
  if (Number.parseInt(told.get('server_version') ?? '', 10) >= 17) await client.query('SET transaction_timeout = 0');
  // Such a database holds bytes of any kind. They come as they are, instead of an error for those that are no UTF-8.
  if (told.get('server_encoding') === 'SQL_ASCII') await client.query("SET client_encoding = 'SQL_ASCII'");
  return client;
}

interface ParameterStatus {
  parameterName: string;
  parameterValue: string;
}

/** Runs `work` with a connected client and ends it in every path. */
export async function withPostgres<T>(
  connection: PostgresConnection,
  work: (client: Client) => Promise<T>,
  options?: ClientConfig,
): Promise<T> {
  const client = await connectPostgres(connection, options);
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
