import { DrillError } from '../domain/drill-error.ts';
import type { ReconciliationEntry, ReconciliationSource } from '../domain/reconciliation.ts';
import type { StoreName } from '../domain/service.ts';

/**
 * Orders keys by code points, which is the order of their bytes in UTF-8: that of an S3 listing and of PostgreSQL's
 * `COLLATE "C"`. JavaScript's own `<` compares UTF-16, where characters beyond U+FFFF come before U+E000.
 */
export function compareKeys(one: string, other: string): number {
  const shorter = Math.min(one.length, other.length);
  for (let index = 0; index < shorter; index += 1) {
    const unit = one.charCodeAt(index);
    const otherUnit = other.charCodeAt(index);
    if (unit !== otherUnit) return rank(unit) - rank(otherUnit);
  }
  return one.length - other.length;
}

/** Reads one side of a comparison, entry by entry. */
export interface Cursor {
  /** The next entry; `undefined` at the end, and from then on. */
  next(): Promise<ReconciliationEntry | undefined>;
  /** Entries read so far. */
  count(): number;
  /** Lets the source clean up when it is left before its end. */
  close(): Promise<void>;
}

/**
 * Reads entries of `store` and makes sure that each key comes after the one before: of a side that is not sorted, a
 * merge would report differences that are none. Throws a `DrillError` at the first key out of order, the first
 * duplicate, and at a key that is no text.
 */
export function cursorOf(source: ReconciliationSource, store: StoreName): Cursor {
  const iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  let previous: string | undefined;
  let count = 0;
  let ended = false;
  return {
    next: async () => {
      if (ended) return undefined;
      const { done, value } = await iterator.next();
      if (done === true) {
        ended = true;
        return undefined;
      }
      refuseDisorder(store, previous, value.key, count);
      previous = value.key;
      count += 1;
      return value;
    },
    count: () => count,
    close: async () => {
      if (ended) return;
      ended = true;
      await iterator.return?.();
    },
  };
}

function refuseDisorder(store: StoreName, previous: string | undefined, key: unknown, index: number): void {
  const where = `entry ${index + 1} of ${store}`;
  const facts = { code: 'internal', service: store, where } as const;
  if (typeof key !== 'string')
    throw new DrillError({ ...facts, what: 'a key cannot be compared', expected: 'text', actual: typeof key });
  const order = previous === undefined ? 1 : compareKeys(key, previous);
  if (order > 0) return;
  if (order === 0)
    throw new DrillError({ ...facts, what: 'a key is there twice', expected: 'each key once', actual: key });
  throw new DrillError({
    ...facts,
    what: 'the keys are not sorted',
    expected: `a key after ${previous}`,
    actual: key,
    hint: 'Sort by the bytes of the key (in PostgreSQL: COLLATE "C"), or pass the entries through sortEntries.',
  });
}

/** Surrogates stand for the code points from U+10000 on, so they come last. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x2000 : unit >= 0xe000 ? unit - 0x800 : unit;
}
