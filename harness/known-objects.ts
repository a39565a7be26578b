import type { Finding } from '../domain/finding.ts';
import { judgeObjects } from '../checks/objects.ts';
import type { ObjectEntry, ObjectsManifest } from '../recovery/objects-manifest.ts';
import { verifyObjects } from '../recovery/verify-objects.ts';
import { need, type DrillContext } from './context.ts';
import { judgeHeadersAgain } from './object-headers.ts';
import { objectName, objectRows } from './object-rows.ts';

/** An object and what must be in it, by the record that is the newest. */
export interface KnownObject {
  bucket: string;
  key: string;
  sha256: string;
  /** Of the manifest, where it names the same content. */
  entry?: ObjectEntry;
  by: 'row' | 'manifest';
}

/**
 * Every object that the rows of the database or a manifest of the objects know of. Where both do, the row is right: it
 * is written with each upload, the manifest with each backup. What only the manifest knows must be as it was then.
 */
export async function* knownObjects(context: DrillContext, manifest: ObjectsManifest): AsyncGenerator<KnownObject> {
  const entries = new Map(manifest.entries.map((entry) => [objectName(entry), entry]));
  for await (const { bucket, key, sha256 } of objectRows(context)) {
    const name = objectName({ bucket, key });
    const entry = entries.get(name);
    entries.delete(name);
    yield { bucket, key, sha256, by: 'row', ...(entry?.sha256 === sha256 && { entry }) };
  }
  const quarantined = new Set(context.state.quarantined);
  for (const [name, entry] of entries) {
    // The reconciliation has moved it away, since no row refers to it.
    if (quarantined.has(name)) continue;
    const { bucket, key, sha256 } = entry;
    yield { bucket, key, sha256, by: 'manifest', entry };
  }
}

/** The store that serves now, held against all that rows and manifest know: content, metadata, settings of buckets. */
export async function judgeAgainstKnown(context: DrillContext): Promise<Finding[]> {
  const { manifest } = need(context, 'objectsRestorePoint');
  const { clock, signal } = context;
  const observation = await verifyObjects({
    target: need(context, 'objects').access,
    expected: knownObjects(context, manifest),
    buckets: manifest.buckets,
    now: clock.now(),
    signal,
  });
  return [...judgeObjects(observation), ...(await judgeHeadersAgain(context))];
}
