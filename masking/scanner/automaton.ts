/** A text to look for, with what is told when it is found. */
export interface Needle {
  bytes: Buffer;
  id: number;
}

/**
 * Searches many texts in one pass (Aho, Corasick 1975), as one table of transitions over classes of bytes. Letters of
 * ASCII match in either case. Backslashes are passed over, in the texts and in what is searched, so that a text is found
 * however deep JSON, an array literal and COPY have escaped it.
 */
export interface Automaton {
  /** Class of every byte; `skippedClass` for a backslash. */
  classOf: Uint8Array;
  /** State (already multiplied by the number of classes) plus class -> state. State 0 is the beginning. */
  transitions: Int32Array;
  /** A state from here on has found something. */
  firstFinal: number;
  /** Ids found in a state that is final. */
  found: ReadonlyMap<number, readonly number[]>;
}

export const skippedClass = 255;
const BACKSLASH = 0x5c;

/** Builds the automaton for texts that are not empty. */
export function buildAutomaton(needles: readonly Needle[]): Automaton {
  const folded = needles.map(({ bytes, id }) => ({ id, bytes: fold(bytes) }));
  const { classOf, classes } = classesOf(folded.map(({ bytes }) => bytes));
  const trie = buildTrie(folded, classOf, classes);
  return { classOf, ...renumbered(trie, classes) };
}

interface Trie {
  next: Int32Array;
  states: number;
  found: Map<number, Set<number>>;
}

function fold(bytes: Buffer): Buffer {
  const lower = bytes.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte));
  return Buffer.from(lower.filter((byte) => byte !== BACKSLASH));
}

/** Bytes that stand in no text share class 0. */
function classesOf(texts: readonly Buffer[]): { classOf: Uint8Array; classes: number } {
  const classOf = new Uint8Array(256);
  let classes = 1;
  for (const byte of new Set(texts.flatMap((text) => [...text]))) {
    classOf[byte] = classes++;
    if (byte >= 0x61 && byte <= 0x7a) classOf[byte & ~0x20] = classOf[byte]!;
  }
  classOf[BACKSLASH] = skippedClass;
  return { classOf, classes };
}

/** The trie of the texts with its failure links resolved into transitions, state by state in breadth-first order. */
function buildTrie(needles: readonly { bytes: Buffer; id: number }[], classOf: Uint8Array, classes: number): Trie {
  const capacity = 1 + needles.reduce((total, { bytes }) => total + bytes.length, 0);
  const next = new Int32Array(capacity * classes).fill(-1);
  const found = new Map<number, Set<number>>();
  let states = 1;
  for (const { bytes, id } of needles) {
    let state = 0;
    for (const byte of bytes) {
      const slot = state * classes + classOf[byte]!;
      if (next[slot] === -1) next[slot] = states++;
      state = next[slot]!;
    }
    found.set(state, (found.get(state) ?? new Set()).add(id));
  }
  const failure = new Int32Array(states);
  const queue = [0];
  for (let head = 0; head < queue.length; head++) {
    const state = queue[head]!;
    for (let one = 0; one < classes; one++) {
      const slot = state * classes + one;
      const target = next[slot]!;
      const fallback = state === 0 ? 0 : next[failure[state]! * classes + one]!;
      if (target === -1) {
        next[slot] = fallback;
        continue;
      }
      failure[target] = fallback;
      const inherited = found.get(fallback);
      if (inherited) found.set(target, new Set([...(found.get(target) ?? []), ...inherited]));
      queue.push(target);
    }
  }
  return { next: next.subarray(0, states * classes), states, found };
}

/** Puts the final states last, so that one comparison tells them apart, and multiplies states by the classes. */
function renumbered({ next, states, found }: Trie, classes: number): Omit<Automaton, 'classOf'> {
  const order = Array.from({ length: states }, (_, state) => state).sort(
    (a, b) => Number(found.has(a)) - Number(found.has(b)) || a - b,
  );
  const place = new Int32Array(states);
  for (const [index, state] of order.entries()) place[state] = index * classes;
  const transitions = new Int32Array(next.length);
  for (const [index, state] of order.entries()) {
    for (let one = 0; one < classes; one++) transitions[index * classes + one] = place[next[state * classes + one]!]!;
  }
  return {
    transitions,
    firstFinal: (states - found.size) * classes,
    found: new Map([...found].map(([state, ids]) => [place[state]!, [...ids]])),
  };
}
