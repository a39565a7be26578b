import type { StoreBackupRecord } from '../domain/record-recovery.ts';
import type { DrillContext } from './context.ts';

/** Keeps what a backup is in the record. */
export function recordBackup({ record }: DrillContext, backup: StoreBackupRecord): void {
  (record.backups ??= []).push(backup);
}
