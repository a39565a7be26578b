import { judgeDatabaseBackup } from '../../checks/database-backup.ts';
import type { DatabaseContent, RestorePoint } from '../../domain/recovery.ts';
import { backupDatabase } from '../../recovery/backup-database.ts';
import { verifyBackup } from '../../recovery/verify-backup.ts';
import { backupOptions } from '../backup-options.ts';
import { need, type DrillContext } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { recordBackup } from '../record-backup.ts';

export const backUpDatabase: DrillStep = {
  name: 'back-up-database',
  title: 'Back up the database and verify the backup',
  phase: 'backup',
  async execute(context) {
    const { signal, record } = context;
    const stack = need(context, 'stack');
    const restorePoint = await saveDatabase(context);
    const { id, coveredAt, durationMs, lsn, compression, serverVersion, dump, content } = restorePoint.manifest;
    const { sizeBytes, sha256 } = dump;
    const rows = rowsOf(content);
    record.backup = { id, coveredAt, durationMs, sizeBytes, sha256, lsn, compression, serverVersion, rows };
    context.progress().info(`${rows.toLocaleString('en')} rows in ${sizeBytes.toLocaleString('en')} bytes, encrypted`);
    const observation = await verifyBackup({
      restorePoint,
      store: stack.backups.access,
      identity: need(context, 'ageIdentity'),
      server: stack.postgres,
      signal,
    });
    context.state.databaseBackup = restorePoint;
    context.judge([judgeDatabaseBackup(restorePoint, observation)]);
  },
};

/** Backs the database up and keeps that in the record; `earlier` than the backup that the drill is about. */
export async function saveDatabase(context: DrillContext, { earlier }: { earlier?: true } = {}): Promise<RestorePoint> {
  const restorePoint = await backupDatabase({
    source: need(context, 'stack').postgres,
    compression: context.runbook.backup.compression,
    ...backupOptions(context),
  });
  const { id, setId, coveredAt, durationMs, dump, roles, content } = restorePoint.manifest;
  recordBackup(context, {
    store: 'postgres',
    kind: 'database dump',
    id,
    ...(setId !== undefined && { setId }),
    coveredAt,
    durationMs,
    sizeBytes: dump.sizeBytes + roles.sizeBytes,
    items: rowsOf(content),
    itemUnit: 'rows',
    ...(earlier && { earlier }),
  });
  return restorePoint;
}

function rowsOf({ tables }: DatabaseContent): number {
  return Object.values(tables).reduce((sum, { rows }) => sum + rows, 0);
}
