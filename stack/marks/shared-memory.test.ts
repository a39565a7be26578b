import { expect, test } from 'vitest';
import { segmentsMadeBy } from './shared-memory.ts';

const segment = { id: 7, key: 70, creatorPid: 400, attachedProcesses: 0 };

test('a segment is that of the process that made it', () => {
  expect(segmentsMadeBy(new Set([400]), [segment, { ...segment, id: 8, creatorPid: 401 }], [])).toEqual([segment]);
});

test('one that an earlier process with the same pid has left is not the run’s', () => {
  expect(segmentsMadeBy(new Set([400]), [segment], [segment])).toEqual([]);
  // The id alone is no proof: ids are used again.
  const again = { ...segment, key: 71 };
  expect(segmentsMadeBy(new Set([400]), [again], [segment])).toEqual([again]);
});
