import { expect, test } from 'vitest';
import { standInsOf, standInWords, storeOfCheck } from './stand-in.ts';

test('a store that ran on a built-in stand-in is known by what that says of itself, once, whatever its role', () => {
  const services = [
    { name: 'postgres' as const, implementation: 'PostgreSQL (local binary)' },
    { name: 'search' as const, implementation: 'built-in stand-in for Meilisearch (container image x/y:1)' },
    { name: 'objects' as const, implementation: 'built-in stand-in for MinIO' },
    { name: 'objects' as const, implementation: 'built-in stand-in for MinIO' },
    { name: 'backups' as const, implementation: 'built-in stand-in for MinIO' },
  ];
  const standIns = standInsOf(services);
  expect(standIns).toEqual([
    { store: 'objects', product: 'MinIO' },
    { store: 'search', product: 'Meilisearch' },
  ]);
  expect(standInWords(standIns)).toBe('objects (for MinIO) and search (for Meilisearch)');
});

test.for([
  ['backup.objects-complete', 'objects'],
  ['objectives.rpo.objects', 'objects'],
  ['objectives.rto.storage', 'objects'],
  ['reconciliation.search', 'search'],
  ['search-backup.verified', 'search'],
  ['steady-state.search.content', 'search'],
  ['integrity.rows', undefined],
  ['objectives.rto', undefined],
  ['backup-set', undefined],
] as const)('%s is about %s', ([check, store]) => {
  expect(storeOfCheck(check)).toBe(store);
});
