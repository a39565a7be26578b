import type { DrillStep } from '../definition.ts';
import { sabotageAt } from '../sabotage.ts';
import { editIndexedRows } from '../search-edits.ts';

/** After all backups: what users change from then on, and what a sabotage does to the backups in their store. */
export const backedUp: DrillStep = {
  name: 'backed-up',
  title: 'Every backup is in its store',
  phase: 'backup',
  async execute(context) {
    const taken = context.record.backups ?? [];
    context
      .progress()
      .info(
        taken.length === 0
          ? 'this drill recovers without a backup'
          : taken.map(({ kind, id, sizeBytes }) => `${kind} ${id}, ${sizeBytes.toLocaleString('en')} bytes`).join('; '),
      );
    await editIndexedRows(context);
    await sabotageAt(context, 'backed-up');
  },
};
