import { judgeLatestBackup } from '../../checks/latest-backup.ts';
import { DrillError } from '../../domain/drill-error.ts';
import { finding } from '../../domain/finding.ts';
import type { SearchBackupKind } from '../../domain/search-backup.ts';
import type { SearchRecovery } from '../../recovery/search-restore.ts';
import { need, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { sabotageAt } from '../sabotage.ts';
import { judgeRestored, restoreSearchBackup } from '../search-restore.ts';

/**
 * A new search server with the newest backup in it: a dump, or a snapshot with `--from snapshot`. A server takes a backup
 * in when it starts, so to provision it and to restore it are one. Documents, settings and keys with their secrets are
 * held against the backup before anyone may write to it.
 */
export const restoreSearchAction: Action = {
  name: 'restore-search',
  title: 'Start a new search server from the newest backup, under the old master key',
  phase: 'restore',
  laterPhases: ['verify'],
  async execute(context) {
    const recovery = await restore(context, context.from === 'snapshot' ? 'snapshot' : 'dump');
    context.state.search = recovery.server;
    context.state.searchRecovery = recovery;
    await sabotageAt(context, 'search-restored');
    context.enterPhase('verify');
    context.judge(await judgeRestored(recovery, context.signal));
  },
};

async function restore(context: DrillContext, kind: SearchBackupKind): Promise<SearchRecovery> {
  const recovery = await restoreSearchBackup(context, { kind, role: 'recovered' }).catch((error: unknown) => {
    if (error instanceof DrillError && ['backup-invalid', 'decryption-failed'].includes(error.code)) {
      context.judge([
        finding('search-backup.verified', false, {
          expected: 'the artefact that the manifest describes',
          actual: error.message,
          recommendation: 'Restore an earlier backup, or reindex from the database; verify backups after upload.',
        }),
      ]);
    }
    throw error;
  });
  const { restorePoint, fetchMs, importMs, verifyMs } = recovery;
  const { id, coveredAt, state } = restorePoint.manifest;
  const taken = context.record.backups?.findLast((backup) => backup.kind === `search ${kind}`);
  context.judge([judgeLatestBackup(taken?.id, id)]);
  need(context, 'recoveryPoints').search = { store: 'search', source: 'backup', detail: `${kind} ${id}`, coveredAt };
  const documents = Object.values(state.indexes).reduce((sum, index) => sum + index.documents, 0);
  const times = [fetchMs, importMs, verifyMs].map((durationMs) => `${(durationMs / 1000).toFixed(1)} s`);
  context
    .progress()
    .info(
      `${documents.toLocaleString('en')} documents and ${state.keys.length} keys restored: ` +
        `fetched in ${times[0]}, imported in ${times[1]}, verified in ${times[2]}`,
    );
  return recovery;
}
