import { expect, test } from 'vitest';
import { judgeFileOperations } from './file-operations.ts';

test('objects.file-operations: file operations pass when all work, and name the one that does not; none proves nothing', () => {
  const works = { path: 'POST /files' };
  expect(judgeFileOperations([works, works])).toMatchObject({ verdict: 'pass', actual: '2 of 2 work' });
  expect(judgeFileOperations([works, { path: 'GET /files', error: 'status 502' }])).toMatchObject({
    check: 'objects.file-operations',
    verdict: 'fail',
    actual: '1 of 2 work',
    evidence: ['GET /files: status 502'],
  });
  expect(judgeFileOperations([]).verdict).toBe('fail');
});
