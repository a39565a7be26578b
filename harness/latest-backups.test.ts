import { beforeEach, expect, test, vi } from 'vitest';
import type { Finding } from '../domain/finding.ts';
import { latestRestorePoint } from '../recovery/restore-points.ts';
import type { DrillContext } from './context.ts';
import { findLatestDatabaseBackup } from './latest-backups.ts';

vi.mock('../recovery/restore-points.ts', () => ({ latestRestorePoint: vi.fn() }));

let judged: Finding[] = [];
beforeEach(() => {
  judged = [];
});

/** A run that has taken two backups of the database, one of something else after them, and whose store gives one. */
async function find(id: string): Promise<void> {
  const manifest = { id, coveredAt: '2026-03-01T10:00:00Z', dump: { sizeBytes: 1 } };
  vi.mocked(latestRestorePoint).mockResolvedValue({ manifest } as Awaited<ReturnType<typeof latestRestorePoint>>);
  const taken = [
    { kind: 'database dump', id: 'first' },
    { kind: 'database dump', id: 'second' },
    { kind: 'search dump', id: 'third' },
  ];
  await findLatestDatabaseBackup({
    state: { stack: { backups: { access: {} } } },
    record: { backups: taken },
    progress: () => ({ info: () => {} }),
    judge: (findings: readonly Finding[]) => judged.push(...findings),
  } as unknown as DrillContext);
}

test('the backup that is recovered from is held against the newest that the run has taken of its kind', async () => {
  await find('second');
  expect(judged).toEqual([expect.objectContaining({ check: 'backup.latest', verdict: 'pass' })]);
});

test('the older of two backups is red', async () => {
  await find('first');
  expect(judged).toEqual([expect.objectContaining({ check: 'backup.latest', verdict: 'fail' })]);
});
