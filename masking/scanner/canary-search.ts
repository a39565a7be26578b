import type { Canary } from '../../domain/system.ts';
import { buildAutomaton, skippedClass, type Automaton } from './automaton.ts';
import { canaryNeedles } from './canary-forms.ts';
import type { Finds } from './finds.ts';

const LOWER_U = 0x75;
const isHexDigit = Array.from({ length: 256 }, (_, byte) => /[\da-f]/i.test(String.fromCharCode(byte)));

/** Makes the search for planted values, all in one pass. It also tells of escapes such as `\u0040` on its way. */
export function createCanarySearch(canaries: readonly Pick<Canary, 'id' | 'value'>[]) {
  const automaton = buildAutomaton(canaryNeedles(canaries));
  return (bytes: Buffer, start: number, end: number, finds: Finds): void => search(automaton, bytes, start, end, finds);
}

/** A function of its own: its few variables stay in registers, since this loop sees every byte of a database. */
function search(automaton: Automaton, bytes: Buffer, start: number, end: number, finds: Finds): void {
  const { classOf, transitions, firstFinal, found } = automaton;
  let state = 0;
  for (let index = start; index < end; index++) {
    const one = classOf[bytes[index]!]!;
    if (one === skippedClass) {
      if (bytes[index + 1] === LOWER_U && isHexDigit[bytes[index + 2] ?? 0]) finds.unicodeEscape(index);
      continue;
    }
    state = transitions[state + one]!;
    if (state >= firstFinal) for (const id of found.get(state) ?? []) finds.found('canary', index, id);
  }
}
