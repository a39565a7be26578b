import { expect, test } from 'vitest';
import type { DrillContext } from '../context.ts';
import { heldAgainstBackup } from './objects.ts';

test('a control damages only what the store has to hold: nothing replaced, moved into quarantine, or empty', () => {
  const entry = (key: string, sizeBytes = 1): object => ({ bucket: 'uploads', key, sizeBytes });
  const entries = ['there', 'replaced', 'moved', 'unasked'].map((key) => entry(key));
  const state = {
    objectsRestorePoint: { manifest: { entries: [...entries, entry('empty', 0)] } },
    newerObjects: [{ bucket: 'uploads', key: 'replaced', sha256: 'x' }],
    quarantined: ['uploads/moved'],
  } as unknown as DrillContext['state'];
  const among = ['there', 'replaced', 'moved', 'empty'].map((key) => ({ bucket: 'uploads', key }));
  const definition = { name: 'a-drill' } as DrillContext['definition'];
  expect(heldAgainstBackup({ state, definition }, among).map(({ key }) => key)).toEqual(['there']);
});
