import type { Clock } from '../domain/clock.ts';
import type { ObjectStoreAccess } from '../domain/service.ts';
import type { Progress } from '../domain/timeline.ts';

/** What every backup is told, whatever it is a backup of. */
export interface BackupOptions {
  /** The backup store, and its bucket. */
  store: ObjectStoreAccess;
  bucket: string;
  /** Of the keys in the bucket; default is the store's own: `db/`, `objects/` or `search/`. */
  prefix?: string;
  /** The age public key (`age1…`) that it is encrypted to. */
  recipient: string;
  /** Id of the backup of everything that it is part of, where it is. */
  setId?: string;
  clock: Clock;
  progress?: Progress;
  signal?: AbortSignal;
}
