import { judgeWaysOut } from '../../checks/ways-out.ts';
import { observeServer } from '../../recovery/observe-server.ts';
import { need } from '../context.ts';
import { holdDatabase } from '../verifications.ts';
import { recordWaysOut } from '../ways-out.ts';
import type { Action } from '../definition.ts';

/** Holds the restored database against what the backup's manifest says was there, before anyone may write to it. */
export const verifyRestore: Action = {
  name: 'verify-restore',
  title: 'Verify integrity against what was known before the fault',
  phase: 'verify',
  async execute(context) {
    const { manifest } = need(context, 'restorePoint');
    const database = need(context, 'database');
    const { notRefreshed } = need(context, 'recovery');
    const { signal } = context;
    const observe = () => observeServer(database, { expected: manifest.content, signal });
    const { findings, actual } = await holdDatabase(manifest.content, observe, notRefreshed);
    context.record.integrity.push(...findings);
    context.judge([...findings, judgeWaysOut(await recordWaysOut(context, 'recovered', database, notRefreshed))]);
    const tables = Object.keys(actual.tables).length;
    const rows = Object.values(actual.tables).reduce((sum, table) => sum + table.rows, 0);
    context.progress().info(`${tables} tables, ${rows.toLocaleString('en')} rows compared by content`);
  },
};
