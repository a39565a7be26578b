import { BACKSLASH } from './copy-text.ts';
import { malformed } from './malformed.ts';

const QUOTE = 0x22;
const PLUS = 0x2b;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const LOWER_U = 0x75;

const literals = ['true', 'false', 'null'].map((word) => Buffer.from(word));
const isStringEscape = Array.from({ length: 256 }, (_, byte) => '"/bfnrtu'.includes(String.fromCharCode(byte)));

/**
 * The place of the quote that closes the string whose text begins at `index`. Every backslash of JSON is two in COPY
 * text format; a single one would be a control character, which JSON does not allow inside a string.
 */
export function stringEnd(source: Buffer, index: number, end: number): number {
  for (let at = index; at < end; at++) {
    const byte = source[at]!;
    if (byte === QUOTE) return at;
    if (byte < 0x20) throw bad();
    if (byte !== BACKSLASH) continue;
    if (source[at + 1] !== BACKSLASH) throw bad();
    const letter = source[at + 2]!;
    if (letter === BACKSLASH) {
      if (source[at + 3] !== BACKSLASH) throw bad();
      at += 3;
    } else {
      if (!isStringEscape[letter]) throw bad();
      at += letter === LOWER_U ? hexDigits(source, at + 3, end) + 2 : 2;
    }
  }
  throw bad();
}

/** The place behind the number that begins at `index`: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`. */
export function numberEnd(source: Buffer, index: number, end: number): number {
  let at = source[index] === MINUS ? index + 1 : index;
  at = source[at] === ZERO ? at + 1 : digits(source, at, end);
  if (at < end && source[at] === DOT) at = digits(source, at + 1, end);
  // The letter e in either case.
  if (at < end && (source[at]! | 0x20) === 0x65) {
    const sign = source[at + 1];
    at = digits(source, sign === PLUS || sign === MINUS ? at + 2 : at + 1, end);
  }
  if (at > end) throw bad();
  return at;
}

/** The place behind `true`, `false` or `null` at `index`. */
export function literalEnd(source: Buffer, index: number, end: number): number {
  const literal = literals.find((word) => word[0] === source[index]);
  if (literal === undefined || index + literal.length > end) throw bad();
  for (let at = 1; at < literal.length; at++) if (source[index + at] !== literal[at]) throw bad();
  return index + literal.length;
}

function digits(source: Buffer, index: number, end: number): number {
  let at = index;
  while (at < end && source[at]! >= 0x30 && source[at]! <= 0x39) at++;
  if (at === index) throw bad();
  return at;
}

/** Checks the four hex digits of a `\u` escape; gives their number. */
function hexDigits(source: Buffer, index: number, end: number): number {
  if (index + 4 > end) throw bad();
  for (let at = index; at < index + 4; at++) {
    const byte = source[at]!;
    const letter = byte | 0x20;
    if (!((byte >= 0x30 && byte <= 0x39) || (letter >= 0x61 && letter <= 0x66))) throw bad();
  }
  return 4;
}

function bad() {
  return malformed('JSON', 'a string, a number, true, false or null');
}
