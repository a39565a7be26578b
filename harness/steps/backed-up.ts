import type { DrillStep } from '../definition.ts';
import { sabotageAt } from '../sabotage.ts';

/** After all backups: what a sabotage does to them in their store. */
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
    await sabotageAt(context, 'backed-up');
  },
};
