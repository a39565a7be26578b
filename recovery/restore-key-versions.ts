import type { Client } from 'minio';
import { chooseVersion, type KeyDamage, type LostReason, type VersionAction } from './choose-versions.ts';
import { copyVersion } from './copy-version.ts';
import type { DamagedObject } from './object-damage-scope.ts';
import { isMissingObject, objectStoreError } from './object-store-error.ts';
import type { KeyVersions } from './object-versions.ts';
import { readObject } from './read-object.ts';

export interface RestoreKeyOptions {
  client: Client;
  bucket: string;
  before: Date;
  history: KeyVersions;
  object: DamagedObject;
}

export type KeyOutcome =
  | { kind: 'copied' | 'undeleted'; sizeBytes: number }
  | { kind: 'kept' }
  | { kind: 'lost'; reason: LostReason | 'what was written does not read back' };

/**
 * Puts one key back: finds the version with the expected sha256 by reading, looks whether somebody has written the key
 * meanwhile, acts, and reads the object back.
 */
export async function restoreKey(options: RestoreKeyOptions): Promise<KeyOutcome> {
  const { client, bucket, before, history, object } = options;
  const { key } = object;
  const action = chooseVersion(history, before, await examine(options));
  if (action.kind === 'keep') return { kind: 'kept' };
  if (action.kind === 'lost') return { kind: 'lost', reason: action.reason };
  // Reading took its time: what the application wrote meanwhile is not covered by an old version.
  const newest = history.versions[0];
  const expected = newest?.isDeleteMarker ? undefined : newest?.versionId;
  if ((await currentVersion(client, bucket, key)) !== expected) return { kind: 'kept' };
  const written = await act(client, bucket, action);
  const read = await readObject(client, bucket, key);
  if (read && (read.versionId ?? 'null') !== written) return { kind: 'kept' };
  if (read?.sha256 !== object.expectedSha256) return { kind: 'lost', reason: 'what was written does not read back' };
  return { kind: action.kind === 'copy' ? 'copied' : 'undeleted', sizeBytes: read.sizeBytes };
}

/**
 * Reads versions, the newest first, until one has the expected content. A newest version that was not there when the
 * damage was found is the application's and is not judged.
 */
async function examine({ client, bucket, history, object }: RestoreKeyOptions): Promise<KeyDamage> {
  const found = object.state === 'changed' ? (object.versionId ?? 'null') : undefined;
  const damagedVersionIds = new Set<string>(found === undefined ? [] : [found]);
  const [newest] = history.versions;
  if (newest && !newest.isDeleteMarker && newest.versionId !== found) return { damagedVersionIds };
  for (const { versionId, isDeleteMarker } of history.versions) {
    if (isDeleteMarker || damagedVersionIds.has(versionId)) continue;
    const read = await readObject(client, bucket, object.key, versionId);
    if (read?.sha256 === object.expectedSha256) return { damagedVersionIds, goodVersionIds: new Set([versionId]) };
    damagedVersionIds.add(versionId);
  }
  return { damagedVersionIds };
}

/** Gives the id of the version that is the newest then. */
async function act(
  client: Client,
  bucket: string,
  action: Extract<VersionAction, { kind: 'copy' | 'remove-markers' }>,
): Promise<string> {
  const { key, versionId } = action;
  try {
    if (action.kind === 'copy') return await copyVersion(client, bucket, key, versionId);
    for (const markerId of action.markerIds) await client.removeObject(bucket, key, { versionId: markerId });
    return versionId;
  } catch (error) {
    throw objectStoreError(error, `${bucket}/${key}`);
  }
}

/** Id of the newest version; `undefined` when the key has no object. */
async function currentVersion(client: Client, bucket: string, key: string): Promise<string | undefined> {
  try {
    return (await client.statObject(bucket, key)).versionId ?? 'null';
  } catch (error) {
    if (isMissingObject(error)) return undefined;
    throw objectStoreError(error, `${bucket}/${key}`);
  }
}
