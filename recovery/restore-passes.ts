import type { LargeObjectRule } from '../domain/masking.ts';
import type { ArchiveEntry } from './archive-entry.ts';

/**
 * When an entry is restored, as pg_restore itself divides them: grants after everything that they could get in the way
 * of; event triggers and materialised views after the grants, which the views' queries need. Who may log in at foreign
 * servers, and what is subscribed to, comes after everything that runs queries: until then nothing can go out. What
 * belongs to the database as such comes last, so that its settings do not change the restore.
 */
export type RestorePass = 'main' | 'grants' | 'refresh' | 'log-ins' | 'event-triggers' | 'database';

export function passOf({ type, name }: ArchiveEntry): RestorePass {
  if (type === 'DATABASE' || type === 'DATABASE PROPERTIES') return 'database';
  if (type === 'ACL' || type === 'ACL LANGUAGE' || type === 'DEFAULT ACL') return 'grants';
  if (type === 'MATERIALIZED VIEW DATA') return 'refresh';
  if (type === 'EVENT TRIGGER') return 'event-triggers';
  if (type === 'USER MAPPING' || type === 'SUBSCRIPTION' || type === 'SUBSCRIPTION TABLE') return 'log-ins';
  if (type !== 'COMMENT' && type !== 'SECURITY LABEL') return 'main';
  if (name.startsWith('SUBSCRIPTION ')) return 'log-ins';
  return name.startsWith('EVENT TRIGGER ') ? 'event-triggers' : 'main';
}

/** Entries of the data section that bring rows or values, by their types. */
export function bringsData({ type }: ArchiveEntry): boolean {
  return dataTypes.has(type);
}

const dataTypes = new Set(['TABLE DATA', 'SEQUENCE SET', 'BLOBS', 'BLOB COMMENTS', 'STATISTICS DATA']);

/** Whether an entry is of large objects: the objects, their content, or what is said of them. */
export function isLargeObject({ type, name }: Pick<ArchiveEntry, 'type' | 'name'>): boolean {
  return largeObjectTypes.has(type) || (aboutObjects.has(type) && /^LARGE OBJECTS? /.test(name));
}

const largeObjectTypes = new Set(['BLOB', 'BLOBS', 'BLOB METADATA', 'BLOB COMMENTS']);
const aboutObjects = new Set(['ACL', 'COMMENT', 'SECURITY LABEL']);

/** Whether a masked copy is made without an entry: it is of large objects that it does not have, or of their content. */
export function leavesOut({ kind }: LargeObjectRule, entry: Pick<ArchiveEntry, 'type' | 'name'>): boolean {
  if (kind === 'keep' || !isLargeObject(entry)) return false;
  return kind === 'drop' || !['BLOB', 'BLOB METADATA', 'ACL'].includes(entry.type);
}

/** Data of people outside of rows and large objects, which no masking can reach. */
export function evadesMasking({ type }: ArchiveEntry): boolean {
  return type === 'STATISTICS DATA';
}
