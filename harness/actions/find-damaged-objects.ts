import { findObjectDamage } from '../../recovery/object-damage-scope.ts';
import type { ObjectEntry, ObjectsManifest } from '../../recovery/objects-manifest.ts';
import { readObject } from '../../recovery/read-object.ts';
import { objectClient } from '../../stack/clients.ts';
import { need, type DamagedBucket, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { knownObjects, type KnownObject } from '../known-objects.ts';
import { oldestFirst, uploadAgain } from '../newer-objects.ts';
import { findLatestObjectsBackup } from '../objects-backup.ts';

/**
 * Which objects are damaged? Every one is read and held against the checksum that its row names, or the manifest of the
 * latest backup where it has no row. Users go on meanwhile: one whose file is damaged uploads it again, one replaces a
 * file that is not.
 */
export const findDamagedObjects: Action = {
  name: 'find-damaged-objects',
  title: 'Find the damaged objects by their checksums',
  phase: 'detect',
  needs: ['objects'],
  async execute(context) {
    const { manifest } = await findLatestObjectsBackup(context);
    const { changed, whole } = await firstOfEach(context, manifest);
    if (changed) await uploadAgain(context, changed, 'since it is damaged');
    if (whole) await uploadAgain(context, whole, 'though it is not damaged');
    const known = await Array.fromAsync(knownObjects(context, manifest));
    const byManifest = known.filter(({ by }) => by === 'manifest').length;
    context.progress().info(`${known.length - byManifest} objects known by their rows, ${byManifest} by the manifest`);
    const damaged: DamagedBucket[] = [];
    for (const [bucket, expected] of Map.groupBy(known, (object) => object.bucket)) {
      const scope = await findObjectDamage({
        client: objectClient(need(context, 'objects').access),
        bucket,
        expected: asStream(expected),
        signal: context.signal,
      });
      damaged.push({ bucket, damaged: scope.damaged });
      const missing = scope.damaged.filter(({ state }) => state === 'missing').length;
      const told = `${scope.damaged.length - missing} changed, ${missing} missing`;
      context.progress().info(`${bucket}: ${scope.checked} objects read, ${told}`);
    }
    context.state.damagedObjects = damaged;
  },
};

/** The oldest object that reads as something else, and the oldest that does not, as users would stumble over them. */
async function firstOfEach(
  context: DrillContext,
  manifest: ObjectsManifest,
): Promise<{ changed?: ObjectEntry; whole?: ObjectEntry }> {
  const client = objectClient(need(context, 'objects').access);
  const first: { changed?: ObjectEntry; whole?: ObjectEntry } = {};
  for (const entry of oldestFirst(manifest)) {
    const read = await readObject(client, entry.bucket, entry.key);
    if (read && read.sha256 !== entry.sha256) first.changed ??= entry;
    if (read?.sha256 === entry.sha256) first.whole ??= entry;
    if (first.changed && first.whole) break;
  }
  return first;
}

async function* asStream(objects: readonly KnownObject[]): AsyncGenerator<KnownObject> {
  yield* objects;
}
