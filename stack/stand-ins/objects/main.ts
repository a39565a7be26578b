import { Command } from 'commander';
import { openStore } from './store.ts';
import { createServer, serverName } from './server.ts';

/** How long requests that run may go on after SIGTERM. */
const closeLimitMs = 5_000;

/**
 * The built-in stand-in for an S3 object store, called as the `minio` command is:
 * `node main.ts server --address 127.0.0.1:9000 FOLDER`, with MINIO_ROOT_USER and MINIO_ROOT_PASSWORD set.
 */
const program = new Command('objects-stand-in')
  .description('a small S3 object store for drills, for machines without MinIO; its data is one folder')
  .configureHelp({ showGlobalOptions: true });

program
  .command('server')
  .argument('<folder>', 'data folder; made when it is missing')
  .option('--address <host:port>', 'where to listen', '127.0.0.1:9000')
  .option('--console-address <host:port>', 'taken and ignored: there is no console')
  .action(serve);

await program.parseAsync();

async function serve(folder: string, { address }: { address: string }): Promise<void> {
  const { MINIO_ROOT_USER: accessKey = '', MINIO_ROOT_PASSWORD: secretKey = '' } = process.env;
  if (accessKey.length < 3 || secretKey.length < 8) {
    program.error('MINIO_ROOT_USER needs at least 3 characters, MINIO_ROOT_PASSWORD at least 8.');
  }
  const [, host = '127.0.0.1', port = ''] = /^(?:(.*):)?(\d+)$/.exec(address) ?? [];
  if (port === '') program.error(`--address: expected host:port, actual ${address}`);
  const store = await openStore(folder);
  const app = createServer(store, { accessKey, secretKey }, (error) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  });
  const stop = async () => {
    // A connection that was busy when the server closed stays open afterwards, with nobody to ask anything on it.
    const tidying = setInterval(() => app.server.closeIdleConnections(), 100);
    const limit = setTimeout(() => app.server.closeAllConnections(), closeLimitMs);
    await app.close();
    clearInterval(tidying);
    clearTimeout(limit);
    store.database.close();
  };
  process.once('SIGTERM', () => void stop());
  process.once('SIGINT', () => void stop());
  await app.listen({ host: host === '' ? '0.0.0.0' : host, port: Number(port) }).catch((error: Error) => {
    program.error(error.message);
  });
  process.stdout.write(`${serverName} listens on http://${address}\n`);
}
