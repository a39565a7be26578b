import { DrillError } from '../domain/drill-error.ts';
import type { Shard } from '../domain/nightly.ts';

/** Reads `1/4`; a `DrillError` (`usage`) for anything else. */
export function parseShard(text: string): Shard {
  const [, index = 0, count = 0] = (/^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? []).map(Number);
  if (index >= 1 && index <= count) return { index, count };
  throw new DrillError({
    code: 'usage',
    what: 'there is no such shard',
    expected: 'one of so many, as in `1/4`',
    actual: `\`${text}\``,
  });
}

/**
 * The drills of one machine: of all names in their order, every `count`-th. It depends on the names alone, not on what
 * is due, so that machines whose records differ still share the drills out: each belongs to one of them.
 */
export function drillsOf({ index, count }: Shard, drills: readonly string[]): Set<string> {
  const names = [...new Set(drills)].toSorted((one, other) => (one < other ? -1 : 1));
  return new Set(names.filter((_name, place) => place % count === index - 1));
}
