import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { request } from 'undici';
import type { SearchAccess, SearchServer, ServiceInfo } from '../../domain/service.ts';
import { searchClient } from '../clients.ts';
import type { RunContext } from '../run-context.ts';
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

export interface NativeSearchOptions {
  /** Default: the configured program, the one on PATH, or the stand-in. */
  program?: StoreProgram;
  signal?: AbortSignal;
  startTimeoutMs?: number;
}

/**
 * A new search server with a random master key: Meilisearch where the machine has it, else the built-in stand-in; both
 * are given the same arguments. It has answered with that key when this returns. Throws a `DrillError`
 * (`service-start`).
 */
export async function startNativeSearch(
  run: RunContext,
  role: string,
  options: NativeSearchOptions = {},
): Promise<SearchServer> {
  const { startTimeoutMs = 60_000 } = options;
  const program = options.program ?? (await chooseStoreProgram(searchPlaces));
  const folder = await run.makeFolder(`search-${role}`);
  const port = await run.freePort();
  const access: SearchAccess = { host: `http://127.0.0.1:${port}`, masterKey: randomBytes(24).toString('hex') };
  const dataFolder = join(folder, 'data');

  const life = programService(run, {
    service: 'search',
    role,
    port,
    dataFolder,
    secrets: [access.masterKey],
    command: {
      file: program.file,
      args: [
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
      ],
      environment: { MEILI_MASTER_KEY: access.masterKey, MEILI_ENV: 'production', HOME: folder },
      // Meilisearch reads a `config.toml` of its working folder: this one has none.
      cwd: folder,
      logFile: join(run.folder, `search-${role}-${port}.log`),
    },
    ready: {
      what: `an answer 200 to GET ${access.host}/health, and to a request with its key`,
      timeoutMs: startTimeoutMs,
      probe: async (signal) => {
        const response = await request(`${access.host}/health`, { signal, reset: true, headersTimeout: 2_000 });
        await response.body.dump();
        if (response.statusCode !== 200) throw new Error(`status ${response.statusCode}`);
        await searchClient(access).getVersion();
        return true;
      },
    },
    signal: options.signal ? AbortSignal.any([run.signal, options.signal]) : run.signal,
  });
  await life.start();
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
  return { ...life, info, access };
}
