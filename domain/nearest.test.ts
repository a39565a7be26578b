import { expect, test } from 'vitest';
import { nearest, unknownName } from './nearest.ts';

const drills = ['app-failover', 'db-loss', 'full-loss', 'search-loss', 'storage-corruption', 'storage-loss'];

test.for<[string, string]>([
  ['db-los', 'db-loss'],
  ['dbloss', 'db-loss'],
  ['DB-LOSS', 'db-loss'],
  ['storage-lost', 'storage-loss'],
  ['storage-coruption', 'storage-corruption'],
])('%s is taken for %s', ([written, meant]) => {
  expect(nearest(written, drills)).toBe(meant);
  expect(unknownName(written, drills)).toBe(`\`${written}\`; did you mean \`${meant}\`?`);
});

test.for(['earthquake', 'x', ''])('%s is near to none', (written) => {
  expect(nearest(written, drills)).toBeUndefined();
  expect(unknownName(written, drills)).toBe(`\`${written}\``);
});
