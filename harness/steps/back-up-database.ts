import { backupDatabase } from '../../recovery/backup-database.ts';
import { verifyBackup } from '../../recovery/verify-backup.ts';
import { backupOptions } from '../backup-options.ts';
import { need } from '../context.ts';
import type { DrillStep } from '../definition.ts';
import { recordBackup } from '../record-backup.ts';

export const backUpDatabase: DrillStep = {
  name: 'back-up-database',
  title: 'Back up the database and verify the backup',
  phase: 'backup',
  async execute(context) {
    const { runbook, signal, record } = context;
    const stack = need(context, 'stack');
    const restorePoint = await backupDatabase({
      source: stack.postgres,
      compression: runbook.backup.compression,
      ...backupOptions(context),
    });
    const { manifest } = restorePoint;
    const rows = Object.values(manifest.content.tables).reduce((sum, table) => sum + table.rows, 0);
    const { id, coveredAt, durationMs, lsn, compression, serverVersion, dump, roles, setId } = manifest;
    const { sizeBytes, sha256 } = dump;
    record.backup = { id, coveredAt, durationMs, sizeBytes, sha256, lsn, compression, serverVersion, rows };
    recordBackup(context, {
      store: 'postgres',
      kind: 'database dump',
      id,
      ...(setId !== undefined && { setId }),
      coveredAt,
      durationMs,
      sizeBytes: dump.sizeBytes + roles.sizeBytes,
      items: rows,
      itemUnit: 'rows',
    });
    context.progress().info(`${rows.toLocaleString('en')} rows in ${sizeBytes.toLocaleString('en')} bytes, encrypted`);
    const { findings } = await verifyBackup({
      restorePoint,
      store: stack.backups.access,
      identity: need(context, 'ageIdentity'),
      server: stack.postgres,
      signal,
    });
    context.state.databaseBackup = restorePoint;
    context.judge(findings);
  },
};
