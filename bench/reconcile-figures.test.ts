import { describe, expect, test } from 'vitest';
import { overLimits, reconcileTable, type ReconcileFigures, type SizeFigures } from './reconcile-figures.ts';

function size(keys: number, perKeyMicroseconds: number, peakBytes = 100_000_000): SizeFigures {
  const medianMs = (keys * perKeyMicroseconds) / 1000;
  return { size: keys, durationsMs: [medianMs], medianMs, perKeyMicroseconds, peakBytes };
}

function figures(...sizes: SizeFigures[]): ReconcileFigures {
  return { at: '2026-01-02T03:04:05.000Z', runs: 1, cpus: 2, node: 'v24', sizes };
}

describe('the limits of reconciliation', () => {
  test('are kept', () => {
    const kept = figures(size(10_000, 3), size(100_000, 2), size(1_000_000, 4));
    expect(overLimits(kept)).toEqual([]);
    expect(reconcileTable(kept)).toContain('| 1,000,000 | 4.00 | 4.00 to 4.00 | 4.00 | 1.33 | 100 MB |');
  });

  test.for([
    ['time that is not linear', [size(100_000, 2), size(1_000_000, 4.1)], '1,000,000 keys take 2.05 times'],
    ['a small size that is slow', [size(10_000, 5), size(100_000, 2)], '10,000 keys take 2.50 times'],
    ['memory', [size(100_000, 2), size(1_000_000, 2, 300_000_000)], '1,000,000 keys take 300 MB'],
    ['time at the reference', [size(100_000, 300)], '100,000 keys take 30.00 s'],
    ['a reference that was not measured', [size(10_000, 2)], '100,000 keys were not measured'],
  ] as const)('turn red for %s', ([, sizes, words]) => {
    const over = overLimits(figures(...sizes));
    expect(over).toHaveLength(1);
    expect(over[0]).toContain(words);
    expect(reconcileTable(figures(...sizes))).toContain(`Over the limit: ${words}`);
  });
});
