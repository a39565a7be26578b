import { Command, InvalidArgumentError, Option } from 'commander';
import { randomBytes } from 'node:crypto';
import { DrillError } from '../../../domain/drill-error.ts';

/** How the server was started. Paths as they were given. */
export interface SearchOptions {
  host: string;
  port: number;
  dbPath: string;
  dumpDir: string;
  snapshotDir: string;
  importDump?: string;
  ignoreMissingDump: boolean;
  ignoreDumpIfDbExists: boolean;
  importSnapshot?: string;
  ignoreMissingSnapshot: boolean;
  ignoreSnapshotIfDbExists: boolean;
  /** Time between snapshots; none without. */
  scheduleSnapshotMs?: number;
  masterKey?: string;
  env: 'development' | 'production';
  httpPayloadSizeLimitBytes: number;
}

const masterKeyBytesMin = 16;
const daySeconds = 86_400;
const switches = [
  'ignoreMissingDump',
  'ignoreDumpIfDbExists',
  'ignoreMissingSnapshot',
  'ignoreSnapshotIfDbExists',
] as const;

/**
 * Reads the flags and environment variables of the `meilisearch` command. Throws a `DrillError` for a production server
 * without a master key of at least 16 bytes.
 */
export function readOptions(argv: readonly string[]): SearchOptions {
  const command = searchCommand().parse([...argv], { from: 'user' });
  const given = command.opts<GivenOptions>();
  for (const name of switches) {
    // A switch in the environment may also say no.
    const words = process.env[`MEILI_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`];
    if (command.getOptionValueSource(name) === 'env' && /^(false|no|n|f|off|0)$/i.test(words ?? ''))
      given[name] = false;
  }
  const { httpAddr, httpPayloadSizeLimit, scheduleSnapshot, masterKey, ...options } = given;
  const { host, port } = addressOf(httpAddr);
  if (options.env === 'production') requireMasterKey(masterKey ?? '');
  const seconds = scheduleSnapshot === true ? daySeconds : scheduleSnapshot;
  return {
    ...options,
    host,
    port,
    httpPayloadSizeLimitBytes: httpPayloadSizeLimit,
    ...(masterKey && { masterKey }),
    ...(seconds && { scheduleSnapshotMs: seconds * 1000 }),
  };
}

type GivenOptions = Omit<SearchOptions, 'host' | 'port' | 'scheduleSnapshotMs' | 'httpPayloadSizeLimitBytes'> & {
  httpAddr: string;
  httpPayloadSizeLimit: number;
  scheduleSnapshot?: number | true;
};

function searchCommand(): Command {
  const option = (flags: string, words: string): Option => {
    const made = new Option(flags, words);
    return made.env(`MEILI_${made.name().replaceAll('-', '_').toUpperCase()}`);
  };
  return new Command('meilisearch')
    .description('built-in stand-in for Meilisearch: answers the part of its API that the drills use')
    .addOption(option('--http-addr <address>', 'where to listen').default('localhost:7700'))
    .addOption(option('--db-path <folder>', 'data folder').default('./data.ms'))
    .addOption(option('--dump-dir <folder>', 'where dumps are written').default('dumps/'))
    .addOption(option('--snapshot-dir <folder>', 'where snapshots are written').default('snapshots/'))
    .addOption(option('--import-dump <file>', 'start from a dump').conflicts('importSnapshot'))
    .addOption(option('--ignore-missing-dump', 'start empty when the dump is missing').default(false))
    .addOption(option('--ignore-dump-if-db-exists', 'keep the database that is there').default(false))
    .addOption(option('--import-snapshot <file>', 'start from a snapshot'))
    .addOption(option('--ignore-missing-snapshot', 'start empty when the snapshot is missing').default(false))
    .addOption(option('--ignore-snapshot-if-db-exists', 'keep the database that is there').default(false))
    .addOption(option('--schedule-snapshot [seconds]', 'write snapshots regularly').argParser(secondsOf))
    .addOption(option('--master-key <key>', 'master key'))
    .addOption(
      option('--env <environment>', 'environment').choices(['development', 'production']).default('development'),
    )
    .addOption(
      option('--http-payload-size-limit <bytes>', 'largest body of a request')
        .argParser(secondsOf)
        .default(100 * 1024 * 1024),
    )
    .addOption(new Option('--no-analytics', 'accepted; the stand-in sends nothing to anyone'))
    .addOption(option('--log-level <level>', 'accepted; the log of the stand-in is short anyway').default('INFO'))
    .allowExcessArguments(false);
}

function secondsOf(text: string): number | true {
  if (text === 'true' || text === '') return true;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('expected a positive integer.');
  return Number(text);
}

function addressOf(address: string): { host: string; port: number } {
  const [, host = '', port = ''] = /^\[?([^\]]*)\]?:(\d+)$/.exec(address) ?? [];
  if (port) return { host, port: Number(port) };
  throw new DrillError({
    code: 'configuration',
    what: 'the address to listen on is wrong',
    expected: 'host:port',
    actual: address,
  });
}

function requireMasterKey(masterKey: string): void {
  const bytes = Buffer.byteLength(masterKey);
  if (bytes >= masterKeyBytesMin) return;
  const reason =
    bytes === 0
      ? 'You must provide a master key to secure your instance in a production environment. It can be specified via the MEILI_MASTER_KEY environment variable or the --master-key launch option.'
      : `The master key must be at least ${masterKeyBytesMin} bytes in a production environment. The provided key is only ${bytes} bytes.`;
  const offer = `We generated a new secure master key for you (you can safely use this token):\n\n>> --master-key ${randomBytes(32).toString('base64url')} <<`;
  throw new DrillError({ code: 'configuration', what: `${reason}\n\n${offer}` });
}
