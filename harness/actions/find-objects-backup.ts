import type { Action } from '../definition.ts';
import { findLatestObjectsBackup } from '../objects-backup.ts';

/** What is there to restore the objects from, once no version of them is left? */
export const findObjectsBackup: Action = {
  name: 'find-objects-backup',
  title: 'Find the latest backup of the objects',
  phase: 'detect',
  needs: ['objects'],
  async execute(context) {
    await findLatestObjectsBackup(context);
  },
};
