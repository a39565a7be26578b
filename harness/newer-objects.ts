import { createHash, randomUUID } from 'node:crypto';
import { judgeNewerKept } from '../checks/object-versions.ts';
import type { Finding } from '../domain/finding.ts';
import type { ObjectEntry, ObjectsManifest } from '../recovery/objects-manifest.ts';
import { readObject } from '../recovery/read-object.ts';
import { objectClient } from '../stack/clients.ts';
import { need, productionStores, type DrillContext } from './context.ts';
import { objectName, objectsOf } from './object-rows.ts';

/** An object that a user wrote after the damage. */
export interface NewerObject {
  bucket: string;
  key: string;
  sha256: string;
}

/** Plays a user who uploads a file again while the recovery goes on, through the application; it must be kept. */
export async function uploadAgain(
  context: DrillContext,
  { bucket, key }: { bucket: string; key: string },
  why: string,
): Promise<void> {
  const { system, signal, state } = context;
  const text = `Uploaded again: ${randomUUID()}`;
  const access = { ...productionStores(context), apiUrl: need(context, 'apiUrl'), tokens: need(context, 'tokens') };
  await objectsOf(system).upload(access, { bucket, key, text }, signal);
  (state.newerObjects ??= []).push({ bucket, key, sha256: createHash('sha256').update(text).digest('hex') });
  context.progress().info(`meanwhile a user uploads ${objectName({ bucket, key })} again, ${why}`);
}

/** Files of users rather than markers: those that were there first. */
export function oldestFirst({ entries }: ObjectsManifest): ObjectEntry[] {
  return entries.toSorted((one, other) => Date.parse(one.lastModified) - Date.parse(other.lastModified));
}

/** Objects, as `bucket/key`, that are rightly not what the backup says: replaced by users, or moved into quarantine. */
export function replacedSince({
  newerObjects = [],
  quarantined = [],
}: Pick<DrillContext['state'], 'newerObjects' | 'quarantined'>): Set<string> {
  return new Set([...newerObjects.map(objectName), ...quarantined]);
}

/** Whether all that users wrote after the damage is as they wrote it. */
export async function judgeNewerObjects(context: DrillContext): Promise<Finding> {
  const client = objectClient(need(context, 'objects').access);
  const newer = context.state.newerObjects ?? [];
  const changed: string[] = [];
  for (const object of newer) {
    const read = await readObject(client, object.bucket, object.key);
    if (read?.sha256 !== object.sha256) changed.push(objectName(object));
  }
  return judgeNewerKept({ newer: newer.length, changed });
}
