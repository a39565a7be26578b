import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import type { SearchHolding } from '../domain/search-backup.ts';
import { fetchSearchBackup, type SearchFetchOptions } from './search-fetch.ts';

export interface SearchVerifyOptions extends SearchFetchOptions {
  /** Folder of the run: the file lies there while it is read, since it is plain. */
  folder: string;
}

/** What a backup of a search server was found to be when it was read whole. */
export interface SearchBackupObservation {
  /** Version of the server that wrote it; absent when it could not be read to its end. */
  serverVersion?: string;
  /** What it holds, by its manifest and its own file of secrets. */
  holding?: SearchHolding;
  /** Why it cannot be restored from. */
  problem?: string;
}

/**
 * Reads a backup of a search server whole, as a restore would before it starts a server. What is wrong with the backup
 * is in the observation. Throws `decryption-failed` for a wrong key, `service-unreachable` and `interrupted`, which say
 * nothing of the backup.
 */
export async function verifySearchBackup(options: SearchVerifyOptions): Promise<SearchBackupObservation> {
  const { restorePoint, signal } = options;
  const folder = await mkdtemp(join(options.folder, 'search-verify-'));
  try {
    const { facts, secrets } = await fetchSearchBackup(options, join(folder, `search.${restorePoint.manifest.kind}`));
    return { serverVersion: facts.serverVersion, holding: { state: restorePoint.manifest.state, secrets } };
  } catch (error) {
    if (signal?.aborted) {
      const what = 'the verification of the backup was interrupted';
      throw new DrillError({ code: 'interrupted', what, cause: error });
    }
    if (!(error instanceof DrillError) || !['backup-invalid', 'backup-missing'].includes(error.code)) throw error;
    return { problem: messageOf(error) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
