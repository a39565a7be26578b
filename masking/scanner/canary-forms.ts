import type { Canary } from '../../domain/system.ts';
import { DrillError } from '../../domain/drill-error.ts';
import type { Needle } from './automaton.ts';

const shortest = 6;
/** Shorter encoded texts would be found by chance. */
const shortestEncoded = 8;

/**
 * Every form in which a planted value may stand in a store: as it is, in other letters of the alphabet's cases, with
 * its control characters escaped, as hex, base64 or percent-encoding of its bytes, and a phone number as bare digits.
 * Backslashes do not matter: the search passes over them. Escapes such as `\u00e9` do not either: rows that have them
 * are decoded and searched again.
 */
export function canaryNeedles(canaries: readonly Pick<Canary, 'id' | 'value'>[]): Needle[] {
  return canaries.flatMap(({ id, value }) => {
    if (value.trim().length < shortest) {
      throw new DrillError({
        code: 'internal',
        what: `canary ${id} is no use`,
        expected: `at least ${shortest} characters`,
        actual: `${value.trim().length}`,
      });
    }
    return [...new Set(canaryForms(value))].map((form) => ({ bytes: Buffer.from(form), id }));
  });
}

function canaryForms(value: string): string[] {
  const cased = [value, value.toLowerCase(), value.toUpperCase()];
  const spelled = cased.flatMap((text) => [text.normalize('NFC'), text.normalize('NFD')]);
  const bytes = [value, value.toLowerCase()].map((text) => Buffer.from(text));
  const encoded = [
    ...bytes.map((text) => text.toString('hex')),
    ...bytes.flatMap(base64Forms),
    encodeURIComponent(value),
    encodeURIComponent(value).replaceAll('%20', '+'),
  ];
  const digits = value.replaceAll(/\D/g, '');
  return [
    ...spelled.map(withEscapedControls),
    ...encoded.filter((text) => text.length >= shortestEncoded),
    ...(/^\+?[\d\s()./-]+$/.test(value) && digits.length >= shortestEncoded ? [digits] : []),
  ];
}

/** Control characters as what is left of their escape without its backslash. */
function withEscapedControls(text: string): string {
  return text.replaceAll(/[\b\f\n\r\t\v]/g, (character) => JSON.stringify(character).slice(1, -1).replace('\\', ''));
}

/**
 * The base64 of a text depends on how many bytes stand before it; of each of the three alignments the part that does
 * not depend on its neighbours is taken, in the alphabets of files and of addresses.
 */
function base64Forms(bytes: Buffer): string[] {
  return [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes]);
    const first = Math.ceil((before * 4) / 3);
    const last = Math.floor((padded.length * 4) / 3);
    return [padded.toString('base64').slice(first, last), padded.toString('base64url').slice(first, last)];
  });
}
