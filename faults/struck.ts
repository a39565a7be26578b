import type { Stack } from '../domain/service.ts';

/**
 * What a fault has done to each stack, so that `lift` undoes just that: a stack that was never struck is left alone, and
 * one that was lifted is left alone the second time.
 */
export interface Struck<T> {
  note(stack: Stack, what: T): void;
  get(stack: Stack): T | undefined;
  /** Gives it and forgets it. */
  take(stack: Stack): T | undefined;
}

/** A new book of what was struck. */
export function struckBook<T>(): Struck<T> {
  const book = new WeakMap<Stack, T>();
  return {
    note: (stack, what) => void book.set(stack, what),
    get: (stack) => book.get(stack),
    take: (stack) => {
      const what = book.get(stack);
      book.delete(stack);
      return what;
    },
  };
}
