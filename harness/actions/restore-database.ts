import { DrillError } from '../../domain/drill-error.ts';
import { finding } from '../../domain/finding.ts';
import { restoreDatabase } from '../../recovery/restore-database.ts';
import { need } from '../context.ts';
import type { Action } from '../definition.ts';

/** A new server, and the latest backup in it. */
export const restoreDatabaseAction: Action = {
  name: 'restore-database',
  title: 'Provision a new database server and restore the latest backup into it',
  phase: 'provision',
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
        context.recorder.judge('restore', [
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
    const struck = await context.sabotage.damageDatabase?.(context);
    if (struck !== undefined) context.progress().info(`sabotage: ${struck}`);
  },
};
