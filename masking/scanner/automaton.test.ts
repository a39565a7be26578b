import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { createCanarySearch } from './canary-search.ts';
import { buildAutomaton, skippedClass, type Needle } from './automaton.ts';

/** Ids found, the plain way of walking through the automaton. */
function idsIn(needles: readonly Needle[], text: Buffer): number[] {
  const { classOf, transitions, firstFinal, found } = buildAutomaton(needles);
  const ids = new Set<number>();
  let state = 0;
  for (const byte of text) {
    if (classOf[byte] === skippedClass) continue;
    state = transitions[state + classOf[byte]!]!;
    if (state >= firstFinal) for (const id of found.get(state)!) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

const letters = (options: fc.StringConstraints) =>
  fc.string({ unit: fc.constantFrom('a', 'b', 'B', 'c', 'é'), ...options });

it('finds what a search for each text by itself finds', () => {
  fc.assert(
    fc.property(
      fc.array(letters({ minLength: 1, maxLength: 4 }), { maxLength: 8 }),
      letters({ maxLength: 30 }),
      (texts, text) => {
        const needles = texts.map((needle, id) => ({ id, bytes: Buffer.from(needle) }));
        const expected = needles
          .filter(({ id }) => text.toLowerCase().includes(texts[id]!.toLowerCase()))
          .map(({ id }) => id);
        expect(idsIn(needles, Buffer.from(text))).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

it('finds the texts that end in one another', () => {
  const needles = ['he', 'she', 'hers', 'his'].map((text, id) => ({ id, bytes: Buffer.from(text) }));
  expect(idsIn(needles, Buffer.from('USHERS'))).toEqual([0, 1, 2]);
});

it('passes over backslashes in the text and in what is searched', () => {
  const needles = [{ id: 1, bytes: Buffer.from('a"b\\c') }];
  expect(idsIn(needles, Buffer.from(String.raw`x a\\\"b\\\\c y`))).toEqual([1]);
  expect(idsIn(needles, Buffer.from('a"bc'))).toEqual([1]);
});

it('tells of unicode escapes on its way', () => {
  const seen: number[] = [];
  const search = createCanarySearch([]);
  search(Buffer.from(String.raw`a\\u0040b \u00e9 \users`), 0, 26, {
    found: () => {},
    unicodeEscape: (at) => seen.push(at),
  });
  expect(seen).toEqual([2, 10]);
});
