import { expect, test } from 'vitest';
import type { DrillContext } from '../context.ts';
import { earlierBackups } from './earlier-backups.ts';

/** As much of a context as the step asks for before it takes a backup. */
function contextOf(quick?: { reason: string; leftOut: string[] }): { context: DrillContext; told: string[] } {
  const told: string[] = [];
  const context = {
    definition: { name: 'loss' },
    record: { quick },
    state: {},
    progress: () => ({ info: (line: string) => told.push(line) }),
  };
  return { context: context as unknown as DrillContext, told };
}
const execute = (context: DrillContext) => earlierBackups({ database: true }).execute(context);

test('a quick run that leaves its control out takes none, and says so', async () => {
  const { context, told } = contextOf({ reason: 'one of each judge', leftOut: ['row-missing', 'older-backup'] });
  await execute(context);
  expect(told).toEqual(['none, quick: its control, older-backup, is not played']);
  expect(context.state).not.toHaveProperty('earlierBackups');
});

test.for([undefined, { reason: 'one of each judge', leftOut: ['row-missing'] }])(
  'any other takes one: %j',
  async (quick) => {
    const { context, told } = contextOf(quick);
    // It goes on to the backup, for which this context lacks all else.
    await expect(execute(context)).rejects.toThrow(/backupSetId/);
    expect(told).toEqual([]);
  },
);
