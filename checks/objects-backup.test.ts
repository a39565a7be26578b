import { expect, test } from 'vitest';
import { judgeObjectsBackup, judgeObjectsBackupComplete, judgeObjectsIncrement } from './objects-backup.ts';

test('backup.objects: a backup passes when every content was read back, and fails with the objects named that cannot be restored', () => {
  const verified = { objects: 3, sizeBytes: 30, contents: 2, unrestorable: [] };
  expect(judgeObjectsBackup(verified).verdict).toBe('pass');
  expect(judgeObjectsBackup({ ...verified, unrestorable: ['a/1: it is not there'] })).toMatchObject({
    verdict: 'fail',
    actual: '1 objects cannot be restored',
    evidence: ['a/1: it is not there'],
  });
  expect(judgeObjectsBackup({ ...verified, objects: 0 }).verdict).toBe('fail');
});

test('backup.objects-complete: a backup is complete unless a row is not covered or an object did not hold still', () => {
  const complete = { objects: 3, skipped: [], rows: 2, notCovered: [] };
  const skipped = (reason: 'vanished' | 'unsettled') => [{ bucket: 'a', key: '1', reason }];
  expect(judgeObjectsBackupComplete(complete)).toMatchObject({ check: 'backup.objects-complete', verdict: 'pass' });
  expect(judgeObjectsBackupComplete({ ...complete, skipped: skipped('vanished') }).verdict).toBe('pass');
  expect(judgeObjectsBackupComplete({ ...complete, skipped: skipped('unsettled') })).toMatchObject({
    verdict: 'fail',
    evidence: ['a/1 changed while it was read, each time'],
  });
  expect(judgeObjectsBackupComplete({ ...complete, notCovered: ['a/2'] }).verdict).toBe('fail');
  expect(judgeObjectsBackupComplete({ ...complete, objects: 0 }).verdict).toBe('fail');
  expect(judgeObjectsBackupComplete({ ...complete, rows: 0 }), 'of 0 rows').toMatchObject({ verdict: 'inconclusive' });
});

test.for([
  ['only what is new was read', { objects: 10, unchanged: 8, objectsRead: 2, contentsWritten: 1 }, 'pass'],
  ['everything was read again', { objects: 10, unchanged: 8, objectsRead: 10, contentsWritten: 0 }, 'fail'],
  ['everything was written again', { objects: 10, unchanged: 8, objectsRead: 2, contentsWritten: 10 }, 'fail'],
  ['nothing was new', { objects: 10, unchanged: 10, objectsRead: 0, contentsWritten: 0 }, 'fail'],
  ['nothing was as before', { objects: 10, unchanged: 0, objectsRead: 10, contentsWritten: 10 }, 'fail'],
] as const)('backup.objects-incremental, where %s', ([, increment, verdict]) => {
  expect(judgeObjectsIncrement(increment)).toMatchObject({ check: 'backup.objects-incremental', verdict });
});
