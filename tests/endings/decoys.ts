import { createServer, type AddressInfo } from 'node:net';

/** Listens where a person's own settings lead, and counts who comes. */
export interface Decoy extends AsyncDisposable {
  port: number;
  connections(): number;
}

/** A server that nobody of a run may ask: it closes every connection. */
export async function decoy(): Promise<Decoy> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The environment of somebody who works with other servers, behind a proxy, in another language and time zone. */
export function environmentOf({ port }: Decoy): Record<string, string> {
  const http = `http://127.0.0.1:${port}`;
  return {
    PGHOST: '127.0.0.1',
    PGHOSTADDR: '127.0.0.1',
    PGPORT: String(port),
    PGUSER: 'somebody',
    PGPASSWORD: 'secret',
    PGDATABASE: 'production',
    PGSSLMODE: 'require',
    PGOPTIONS: '-c default_transaction_read_only=on -c statement_timeout=1',
    PGSERVICE: 'production',
    PGPASSFILE: '/nowhere/pgpass',
    PGAPPNAME: 'somebody',
    PGTZ: 'Asia/Kathmandu',
    PGCLIENTENCODING: 'LATIN1',
    PGDATESTYLE: 'German',
    DATABASE_URL: `postgres://somebody:secret@127.0.0.1:${port}/production`,
    AWS_ENDPOINT_URL: http,
    AWS_ACCESS_KEY_ID: 'somebody',
    AWS_SECRET_ACCESS_KEY: 'secret',
    MINIO_ROOT_USER: 'somebody',
    MEILI_HOST: http,
    MEILI_MASTER_KEY: 'secret',
    MEILI_DB_PATH: '/nowhere/data.ms',
    HTTP_PROXY: http,
    HTTPS_PROXY: http,
    http_proxy: http,
    https_proxy: http,
    ALL_PROXY: http,
    NODE_USE_ENV_PROXY: '1',
    NODE_OPTIONS: '--stack-trace-limit=5',
    GIT_DIR: '/nowhere/.git',
    XZ_OPT: '--nonsense',
    LC_ALL: 'tr_TR.UTF-8',
    LANG: 'tr_TR.UTF-8',
    TZ: 'Asia/Kathmandu',
  };
}
