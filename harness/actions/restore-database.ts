import { DrillError } from '../../domain/drill-error.ts';
import { finding } from '../../domain/finding.ts';
import { restoreDatabase } from '../../recovery/restore-database.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';
import { sabotageAt } from '../sabotage.ts';

/** A new server, and the latest backup in it. */
export const restoreDatabaseAction: Action = {
  name: 'restore-database',
  title: 'Provision a new database server and restore the latest backup into it',
  phase: 'provision',
  laterPhases: ['restore'],
  async execute(context) {
    const stack = need(context, 'stack');
    const target = await stack.provision.postgres('recovered');
    context.progress().info(`new server: ${target.info.implementation} ${target.info.version}`);
    context.enterPhase('restore');
    try {
      context.state.recovery = await restoreDatabase({
        restorePoint: need(context, 'restorePoint'),
        store: stack.backups.access,
        identity: need(context, 'ageIdentity'),
        target,
        roles: 'all',
        clock: context.clock,
        progress: context.progress(),
        signal: context.signal,
      });
    } catch (error) {
      if (error instanceof DrillError && (error.code === 'backup-invalid' || error.code === 'decryption-failed')) {
        context.judge([
          finding('backup.verified', false, {
            expected: 'the artefact that the manifest describes',
            actual: error.message,
            recommendation: 'Take a new backup, verify it after upload, and keep an older one to fall back to.',
          }),
        ]);
      }
      throw error;
    }
    context.state.database = target;
    const { id, coveredAt } = context.state.recovery.restorePoint.manifest;
    need(context, 'recoveryPoints').postgres = {
      store: 'postgres',
      source: 'backup',
      detail: `backup ${id}`,
      coveredAt,
    };
    await sabotageAt(context, 'database-restored');
  },
};
