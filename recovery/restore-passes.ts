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

/** Types that hold data of people outside of tables, so that no masking plan can reach it. */
export function evadesMasking({ type }: ArchiveEntry): boolean {
  return type === 'BLOB' || type === 'BLOBS' || type === 'BLOB METADATA' || type === 'STATISTICS DATA';
}
