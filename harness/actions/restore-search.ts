import { DrillError } from '../../domain/drill-error.ts';
import { finding } from '../../domain/finding.ts';
import type { SearchRecovery } from '../../recovery/search-restore.ts';
import { need, type DrillContext } from '../context.ts';
import type { Action } from '../definition.ts';
import { judgeLatestSearchBackup } from '../latest-backups.ts';
import { sabotageAt } from '../sabotage.ts';
import { bringSearchBack, judgeRestored, searchWayOf } from '../search-ways.ts';

/**
 * A new search server under the old master key: with the newest dump in it, or with the newest snapshot, or empty where
 * it is to be filled from the database. A server takes a backup in when it starts, so to provision it and to restore it
 * are one. Documents, settings and keys with their secrets are held against the backup before anyone may write to it.
 */
export const restoreSearchAction: Action = {
  name: 'restore-search',
  title: 'Start a new search server from the newest backup, under the old master key',
  phase: 'restore',
  needs: ['search'],
  laterPhases: ['verify'],
  async execute(context) {
    const way = searchWayOf(context);
    if (way === 'reindex') context.enterPhase('provision');
    const comeback = await bringSearchBack(context, way, 'recovered').catch((error: unknown) => {
      judgeRefusal(context, error);
      throw error;
    });
    const { server, recovery } = comeback;
    context.state.search = server;
    context.state.searchComeback = comeback;
    if (recovery === undefined) {
      context.progress().info(`new, empty server: ${server.info.implementation} ${server.info.version}`);
      return;
    }
    tell(context, recovery);
    const { id, coveredAt, kind } = recovery.restorePoint.manifest;
    context.judge([judgeLatestSearchBackup(context, recovery.restorePoint.manifest)]);
    need(context, 'recoveryPoints').search = { store: 'search', source: 'backup', detail: `${kind} ${id}`, coveredAt };
    await sabotageAt(context, 'search-restored');
    context.enterPhase('verify');
    context.judge(await judgeRestored(recovery, context.signal));
  },
};

/** A backup that is no backup is a finding of its own, beside the error that ends the restore. */
function judgeRefusal(context: DrillContext, error: unknown): void {
  if (!(error instanceof DrillError) || !['backup-invalid', 'decryption-failed'].includes(error.code)) return;
  context.judge([
    finding('search-backup.verified', false, {
      expected: 'the artefact that the manifest describes',
      actual: error.message,
      recommendation: 'Restore an earlier backup, or reindex from the database; verify backups after upload.',
    }),
  ]);
}

function tell(context: DrillContext, { restorePoint, fetchMs, importMs, verifyMs }: SearchRecovery): void {
  const { indexes, keys } = restorePoint.manifest.state;
  const documents = Object.values(indexes).reduce((sum, index) => sum + index.documents, 0);
  const [fetched, imported, verified] = [fetchMs, importMs, verifyMs].map((ms) => `${(ms / 1000).toFixed(1)} s`);
  context
    .progress()
    .info(
      `${documents.toLocaleString('en')} documents and ${keys.length} keys restored: ` +
        `fetched in ${fetched}, imported in ${imported}, verified in ${verified}`,
    );
}
