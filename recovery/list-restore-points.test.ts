import { expect, test } from 'vitest';
import { newestFirst } from './list-restore-points.ts';

const backup = (manifestKey: string, coveredAt: string) => ({ manifestKey, manifest: { coveredAt } });

test('the backup that covers the latest instant comes first, whatever its name and its offset from UTC', () => {
  const backups = [
    backup('db/z.json', '2026-03-01T10:00:00Z'),
    backup('db/a.json', '2026-03-01T11:30:00+02:00'),
    backup('db/m.json', '2026-03-01T12:00:00Z'),
  ];
  expect(newestFirst(backups).map(({ manifestKey }) => manifestKey)).toEqual(['db/m.json', 'db/z.json', 'db/a.json']);
  expect(newestFirst(backups.toReversed())[0]?.manifestKey).toBe('db/m.json');
});
