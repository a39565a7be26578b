import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { request } from 'undici';
import type { SearchAccess, SearchServer, SearchStart, ServiceInfo } from '../../domain/service.ts';
import { searchClient } from '../clients.ts';
import type { RunContext } from '../run-context.ts';
import { listDataFiles, overwriteDataFile, readDataFile } from './data-files.ts';
import { firedrillVersion } from './firedrill-version.ts';
import { programService } from './program-service.ts';
import { chooseStoreProgram, type StoreProgram, type StoreProgramPlaces } from './store-program.ts';

export const searchPlaces: StoreProgramPlaces = {
  service: 'search',
  program: 'meilisearch',
  variable: 'FIREDRILL_MEILISEARCH_BIN',
  choice: 'FIREDRILL_SEARCH',
  standIn: new URL('../stand-ins/search/main.ts', import.meta.url),
};

export interface NativeSearchOptions extends SearchStart {
  /** Default: the configured program, the one on PATH, or the stand-in. */
  program?: StoreProgram;
  /** Default one minute, with an import half an hour: the server answers only after it. */
  startTimeoutMs?: number;
}

/**
 * A new search server, empty or from a dump or snapshot: Meilisearch where the machine has it, else the built-in stand-in; both
 * are given the same arguments. It has answered with that key when this returns. Throws a `DrillError`
 * (`service-start`).
 */
export async function startNativeSearch(
  run: RunContext,
  role: string,
  options: NativeSearchOptions = {},
): Promise<SearchServer> {
  const { import: imported, startTimeoutMs = imported ? 1_800_000 : 60_000 } = options;
  const program = options.program ?? (await chooseStoreProgram(searchPlaces));
  const folder = await run.makeFolder(`search-${role}`);
  const port = await run.freePort();
  const masterKey = options.masterKey ?? randomBytes(24).toString('hex');
  const access: SearchAccess = { host: `http://127.0.0.1:${port}`, masterKey };
  const otherMasterKey = randomBytes(24).toString('hex');
  const dataFolder = join(folder, 'data');
  const baseArguments = [
    ...(program.kind === 'stand-in' ? [program.entry] : []),
    '--http-addr',
    `127.0.0.1:${port}`,
    '--db-path',
    join(dataFolder, 'data.ms'),
    '--dump-dir',
    join(dataFolder, 'dumps'),
    '--snapshot-dir',
    join(dataFolder, 'snapshots'),
    '--no-analytics',
  ];
  // Emptied after the first start: a later one finds a database, which an import refuses, or is to be empty.
  const importArguments = imported ? [`--import-${imported.kind}`, imported.file] : [];

  const alive = async (signal: AbortSignal): Promise<boolean> => {
    const response = await request(`${access.host}/health`, { signal, reset: true, headersTimeout: 2_000 });
    await response.body.dump();
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
    return true;
  };
  const life = programService(run, {
    service: 'search',
    role,
    port,
    dataFolder,
    secrets: [access.masterKey, otherMasterKey],
    otherCredentials: { MEILI_MASTER_KEY: otherMasterKey },
    command: {
      file: program.file,
      get args() {
        return [...baseArguments, ...importArguments];
      },
      environment: { MEILI_MASTER_KEY: access.masterKey, MEILI_ENV: 'production', HOME: folder },
      // Meilisearch reads a `config.toml` of its working folder: this one has none.
      cwd: folder,
      logFile: join(run.folder, `search-${role}-${port}.log`),
    },
    ready: {
      what: `an answer 200 to GET ${access.host}/health, and to a request with its key`,
      timeoutMs: startTimeoutMs,
      alive,
      // Health alone does not say that the key is the one of this run.
      probe: async (signal) => (await alive(signal)) && (await searchClient(access).getVersion()).pkgVersion !== '',
    },
    signal: options.signal ? AbortSignal.any([run.signal, options.signal]) : run.signal,
  });
  try {
    await life.start();
  } catch (error) {
    // Half an import is no data.
    await life[Symbol.asyncDispose]();
    throw error;
  }
  importArguments.length = 0;
  const { commitSha, pkgVersion } = await searchClient(access).getVersion();
  const info: ServiceInfo =
    commitSha === 'firedrill-search-stand-in'
      ? {
          service: 'search',
          role,
          implementation: 'built-in stand-in for Meilisearch',
          version: await firedrillVersion(),
        }
      : { service: 'search', role, implementation: 'Meilisearch (local binary)', version: pkgVersion };
  return {
    ...life,
    info,
    access,
    listFiles: (below) => listDataFiles(dataFolder, below),
    readFile: (path) => readDataFile(dataFolder, path),
    overwriteFile: (path, content) => overwriteDataFile(dataFolder, path, content),
  };
}
