import { expect, test } from 'vitest';
import { drawn, drawnNumber } from './draw.ts';

const run = (seed: number) => ({ record: { environment: { seed } } });
const seeds = Array.from({ length: 200 }, (_, seed) => seed);

test('the same seed draws the same, and other seeds reach everything', () => {
  expect(drawnNumber(run(7), 'document', 1_000)).toBe(drawnNumber(run(7), 'document', 1_000));
  expect(new Set(seeds.map((seed) => drawnNumber(run(seed), 'document', 5)))).toEqual(new Set([0, 1, 2, 3, 4]));
  expect(new Set(seeds.map((seed) => drawn(run(seed), ['a', 'b'], 'key')))).toEqual(new Set(['a', 'b']));
});

test('two draws of a run do not go together, and of nothing nothing is drawn', () => {
  const together = seeds.filter((seed) => drawnNumber(run(seed), 'a', 10) === drawnNumber(run(seed), 'b', 10));
  expect(together.length).toBeLessThan(60);
  expect(drawn(run(1), [], 'a')).toBeUndefined();
});
