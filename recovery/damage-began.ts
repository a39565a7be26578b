import type { Client } from 'minio';
import type { DamagedObject } from './object-damage-scope.ts';
import { listKeyVersions } from './object-versions.ts';

export interface DamageBeganOptions {
  client: Client;
  bucket: string;
  damaged: readonly DamagedObject[];
  signal?: AbortSignal;
}

/**
 * When the damage of a bucket began, by the store's own clock: the oldest of the versions that hold what is wrong, and
 * of the delete markers that hide what is missing. `undefined` where the store has neither.
 */
export async function damageBegan(options: DamageBeganOptions): Promise<Date | undefined> {
  const { client, bucket, signal } = options;
  const damaged = new Map(options.damaged.map((object) => [object.key, object]));
  const instants: number[] = [];
  for await (const { key, versions } of listKeyVersions({ client, bucket, ...(signal && { signal }) })) {
    const object = damaged.get(key);
    if (!object) continue;
    const wrong = versions.find(({ versionId, isDeleteMarker }) =>
      object.state === 'missing' ? isDeleteMarker : versionId === object.versionId,
    );
    if (wrong) instants.push(wrong.lastModified.getTime());
  }
  return instants.length === 0 ? undefined : new Date(Math.min(...instants));
}
