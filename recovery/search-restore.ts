import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../domain/clock.ts';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { searchDifferences, type SearchHolding } from '../domain/search-backup.ts';
import type { SearchRestorePoint } from '../domain/search-backup.ts';
import type { ObjectStoreAccess, Provisioner, SearchServer } from '../domain/service.ts';
import { silentProgress, type Progress } from '../domain/timeline.ts';
import { searchClient } from '../stack/clients.ts';
import { fetchSearchBackup } from './search-fetch.ts';
import type { SearchFileFacts } from './search-file.ts';
import { observeSearch } from './search-state.ts';
import { searchDiskFull } from './target-disk-full.ts';

export interface SearchRestoreOptions {
  restorePoint: SearchRestorePoint;
  store: ObjectStoreAccess;
  /** The age secret key (`AGE-SECRET-KEY-1…`). */
  identity: string;
  /** Brings up the new server; what is lost stays untouched. */
  provision: Pick<Provisioner, 'search'>;
  /** Role of the new server; default `recovered`. */
  role?: string;
  /** The master key of the server that was backed up: the secrets of keys follow from it. */
  masterKey: string;
  /** Folder of the run: the file lies there while it is needed, since it is plain. */
  folder: string;
  clock: Clock;
  progress?: Progress;
  signal?: AbortSignal;
}

/** What a restore of a search server says of itself. Durations in milliseconds; they do not overlap. */
export interface SearchRecovery {
  restorePoint: SearchRestorePoint;
  server: SearchServer;
  /** What the backup holds, and what the new server was seen to hold. */
  expected: SearchHolding;
  actual: SearchHolding;
  fetchMs: number;
  /** Start of the new server with the import. */
  importMs: number;
  verifyMs: number;
  durationMs: number;
}

/**
 * Restores a search server: fetches its dump or snapshot and verifies it, then starts a new server that imports it, then
 * holds documents, settings and keys with their secrets against the backup. Ends complete or throws: `backup-missing`,
 * `backup-invalid`, `decryption-failed`, `restore-failed`, `interrupted`; then the new server is gone.
 */
export async function restoreSearch(options: SearchRestoreOptions): Promise<SearchRecovery> {
  const { restorePoint, clock, signal, progress = silentProgress } = options;
  const { kind } = restorePoint.manifest;
  const startedMs = clock.monotonicMs();
  const folder = await mkdtemp(join(options.folder, 'search-restore-'));
  let server: SearchServer | undefined;
  try {
    signal?.throwIfAborted();
    const file = join(folder, `search.${kind}`);
    const { facts, secrets } = await fetchSearchBackup(options, file);
    const fetchedMs = clock.monotonicMs();
    progress.info(`${kind} fetched and verified, written by server ${facts.serverVersion}`);
    server = await startFrom(options, file, facts);
    const importedMs = clock.monotonicMs();
    const expected: SearchHolding = { state: restorePoint.manifest.state, secrets };
    const actual = await verified(server, expected, facts, signal);
    const verifiedMs = clock.monotonicMs();
    return {
      restorePoint,
      server,
      expected,
      actual,
      fetchMs: fetchedMs - startedMs,
      importMs: importedMs - fetchedMs,
      verifyMs: verifiedMs - importedMs,
      durationMs: verifiedMs - startedMs,
    };
  } catch (error) {
    if (server) await Promise.allSettled([server[Symbol.asyncDispose]()]);
    if (!signal?.aborted) throw error;
    const what = 'the restore of the search server was interrupted';
    throw new DrillError({ code: 'interrupted', service: 'search', what, cause: error });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function startFrom(
  { provision, role = 'recovered', masterKey, signal, restorePoint }: SearchRestoreOptions,
  file: string,
  { serverVersion, format }: SearchFileFacts,
): Promise<SearchServer> {
  const { kind } = restorePoint.manifest;
  try {
    return await provision.search(role, { masterKey, import: { kind, file }, ...(signal && { signal }) });
  } catch (cause) {
    if (!(cause instanceof DrillError) || cause.code !== 'service-start') throw cause;
    const full = searchDiskFull(cause, role, restorePoint.manifest);
    if (full) throw new DrillError(full);
    throw new DrillError({
      code: 'restore-failed',
      service: 'search',
      what: `the new search server did not import the ${kind}`,
      expected: `a server that reads a ${kind} of ${serverVersion}${format === undefined ? '' : ` in the format ${format}`}`,
      actual: messageOf(cause),
      hint: 'Where its log speaks of a version, start the version that wrote the backup, or a newer one for a dump.',
      cause,
    });
  }
}

/** Throws `restore-failed` unless the server is as new as the backup and holds what the backup does. */
async function verified(
  server: SearchServer,
  expected: SearchHolding,
  facts: SearchFileFacts,
  signal: AbortSignal | undefined,
): Promise<SearchHolding> {
  const { pkgVersion } = await searchClient(server.access).getVersion();
  if (isNewer(facts.serverVersion, pkgVersion)) {
    throw failed(`the backup is of a newer search server`, `version ${pkgVersion} or earlier`, facts.serverVersion);
  }
  const actual = await observeSearch(server.access, signal).catch((cause: unknown) => {
    throw failed('the restored search server cannot be read', 'its documents, settings and keys', messageOf(cause));
  });
  const differences = searchDifferences(expected, actual);
  if (differences.length === 0) return actual;
  const secretsDiffer = differences.some(({ text }) => text.endsWith('another secret'));
  const hint = secretsDiffer ? 'Secrets follow from the master key: restore under the one of the backup.' : undefined;
  const shown = differences.slice(0, 10).map(({ text }) => text);
  throw failed(
    'the restored search server does not hold what the backup does',
    'no difference',
    shown.join('; '),
    hint,
  );
}

/** Whether a version `1.50.0` is newer than another one, by its numbers. */
function isNewer(version: string, than: string): boolean {
  const numbers = (text: string): number[] => text.split('.').map((part) => Number.parseInt(part, 10) || 0);
  const [one, other] = [numbers(version), numbers(than)];
  const at = one.findIndex((number, index) => number !== (other[index] ?? 0));
  return at !== -1 && (one[at] ?? 0) > (other[at] ?? 0);
}

function failed(what: string, expected: string, actual: string, hint?: string): DrillError {
  return new DrillError({ code: 'restore-failed', service: 'search', what, expected, actual, ...(hint && { hint }) });
}
