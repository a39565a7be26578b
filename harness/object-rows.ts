import { DrillError } from '../domain/drill-error.ts';
import type { ReferencedObject, SystemObjects, SystemUnderDrill } from '../domain/system.ts';
import type { ObjectsManifest } from '../recovery/objects-manifest.ts';
import type { ObjectRowsObservation } from '../checks/objects.ts';
import { need, type DrillContext } from './context.ts';

/** The objects of a system. Throws a `DrillError` (`configuration`) for one that has none. */
export function objectsOf(system: SystemUnderDrill): SystemObjects {
  if (system.objects) return system.objects;
  throw new DrillError({
    code: 'configuration',
    what: 'the system has no objects that could be drilled',
    expected: 'a system with `objects`',
    actual: system.name,
  });
}

/** What the database that serves now says of the objects of all buckets, bucket by bucket. */
export async function* objectRows(context: DrillContext): AsyncGenerator<ReferencedObject & { bucket: string }> {
  const objects = objectsOf(context.system);
  const postgres = need(context, 'database').connection;
  for (const bucket of objects.buckets) {
    for await (const row of objects.references({ postgres }, bucket)) yield { ...row, bucket };
  }
}

/** How an object is named in findings and looked up. */
export function objectName({ bucket, key }: { bucket: string; key: string }): string {
  return `${bucket}/${key}`;
}

/** The sha256 of every object of a manifest, by its name. */
export function sha256ByName({ entries }: ObjectsManifest): Map<string, string> {
  return new Map(entries.map((entry) => [objectName(entry), entry.sha256]));
}

/** Holds the rows of the database that serves now against the objects that a manifest names. */
export async function compareRows(context: DrillContext, manifest: ObjectsManifest): Promise<ObjectRowsObservation> {
  const known = sha256ByName(manifest);
  const differing: string[] = [];
  const counts = { rows: 0, compared: 0, younger: 0 };
  for await (const row of objectRows(context)) {
    counts.rows += 1;
    const sha256 = known.get(objectName(row));
    if (sha256 === undefined) counts.younger += 1;
    else counts.compared += 1;
    if (sha256 !== undefined && sha256 !== row.sha256) differing.push(objectName(row));
  }
  return { ...counts, differing };
}
