import { expect, test } from 'vitest';
import { judgeStagingStores } from './staging-stores.ts';

const postgres = { store: 'postgres' as const, path: 'POST /x', inCopy: true, inProduction: false };

test('masking.stores passes where every write is in the copy, and nowhere else', () => {
  expect(judgeStagingStores([postgres])).toMatchObject({ check: 'masking.stores', verdict: 'pass' });
});

test('masking.stores is red for a write in production, in the copy as well or not, and for one that is nowhere', () => {
  for (const changed of [{ inProduction: true }, { inProduction: true, inCopy: false }, { inCopy: false }]) {
    expect(judgeStagingStores([postgres, { ...postgres, ...changed }]), JSON.stringify(changed)).toMatchObject({
      verdict: 'fail',
    });
  }
});

test('masking.stores proves nothing where nothing was written', () => {
  expect(judgeStagingStores([])).toMatchObject({ verdict: 'inconclusive' });
});
