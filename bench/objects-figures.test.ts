import { describe, expect, test } from 'vitest';
import { objectsTable, underLimit, type ObjectsFigures } from './objects-figures.ts';

/** Medians in seconds of copy out, backup, copy back and restore, of 1,000 objects of 1 kB. */
function figures(seconds: readonly [number, number, number, number], peakBytes = 200_000_000): ObjectsFigures {
  const names = ['copy out', 'backup', 'copy back', 'restore'];
  const ways = seconds.map((second, at) => ({ name: names[at] ?? '', durationsMs: [second * 1000], peakBytes }));
  const sizes = [{ bucket: 'small', objects: 1_000, sizeBytes: 1_000, ways }];
  return { at: '2026-01-02T03:04:05.000Z', runs: 1, cpus: 2, node: 'v24', store: 'MinIO', concurrency: 8, sizes };
}

describe('the limits of backup and restore of objects', () => {
  test('are kept', () => {
    const kept = figures([7, 10, 8, 10]);
    expect(underLimit(kept)).toEqual([]);
    expect(objectsTable(kept)).toContain('| 1,000 of 1 kB | restore | 10.00 | 10.00 to 10.00 | 0.1 | 0.80 | 200 MB |');
    expect(objectsTable(kept)).toContain('Every ratio is at least 0.7');
  });

  test.for([
    ['a slow backup', figures([6.9, 10, 8, 10]), 'backup of 1,000 of 1 kB has 0.69 of the throughput'],
    ['a slow restore', figures([7, 10, 5, 10]), 'restore of 1,000 of 1 kB has 0.50 of the throughput'],
  ] as const)('turn red for %s', ([, slow, words]) => {
    expect(underLimit(slow)).toHaveLength(1);
    expect(underLimit(slow)[0]).toContain(words);
    expect(objectsTable(slow)).toContain(`Missed: ${words}`);
  });

  test('turn red for memory of our own ways, not of the copy', () => {
    expect(underLimit(figures([7, 7, 7, 7], 500_000_000))).toEqual([
      'backup of 1,000 of 1 kB takes 500 MB, the limit is 400 MB',
      'restore of 1,000 of 1 kB takes 500 MB, the limit is 400 MB',
    ]);
  });
});
