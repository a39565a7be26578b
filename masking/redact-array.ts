import type { ByteWriter } from './byte-writer.ts';
import type { ColumnType } from './column-type.ts';
import { BACKSLASH, isEscapeLetter } from './copy-text.ts';
import { malformed } from './malformed.ts';
import { maskedWord } from './redact-text.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const OPEN_BOUNDS = 0x5b;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const NULL_WORD = Buffer.from('NULL');
/** Bytes that never stand in an element without quotes: quote, comma, backslash, braces and white space. */
const endsBareElement = Array.from(
  { length: 256 },
  (_, byte) => byte <= 0x20 || '",\\{}'.includes(String.fromCharCode(byte)),
);

/** What stands for one element that is neither NULL nor the empty string; `undefined` when elements are kept. */
export function elementPlaceholder(element: ColumnType): Buffer | undefined {
  if (element.family === 'number') return Buffer.from('0');
  if (element.family === 'boolean') return undefined;
  return Buffer.from(maskedWord.slice(0, element.limit));
}

/**
 * Writes an array, given as PostgreSQL's array literal in COPY text format, without its content: nesting, bounds,
 * number of elements, NULLs and empty strings stay. https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
 */
export function redactArray(
  source: Buffer,
  start: number,
  end: number,
  out: ByteWriter,
  placeholder: Buffer | undefined,
): void {
  let index = bodyStart(source, start, end);
  out.bytes(source, start, index);
  let depth = 0;
  /** True where an element or an opening brace must come; a closing brace may come instead when `empty`. */
  let wanted = true;
  let empty = false;
  do {
    const byte = index < end ? source[index]! : -1;
    if (byte === OPEN && wanted) {
      depth++;
      empty = true;
      index++;
    } else if (byte === CLOSE && depth > 0 && (!wanted || empty)) {
      depth--;
      wanted = false;
      empty = false;
      index++;
    } else if (byte === COMMA && !wanted && depth > 0) {
      wanted = true;
      index++;
    } else if (wanted && depth > 0 && byte >= 0) {
      index = redactElement(source, index, end, out, placeholder);
      wanted = false;
      empty = false;
      continue;
    } else {
      throw bad();
    }
    out.byte(byte);
  } while (depth > 0 || index < end);
}

/** The place of the first brace: bounds such as `[0:2]=` may come before it. */
function bodyStart(source: Buffer, start: number, end: number): number {
  if (source[start] !== OPEN_BOUNDS) return start;
  const equals = source.indexOf(EQUALS, start);
  if (equals < 0 || equals >= end) throw bad();
  if (!/^(\[-?\d+:-?\d+\])+$/.test(source.toString('latin1', start, equals))) throw bad();
  return equals + 1;
}

/** Writes what stands for the element that begins at `index`; gives the place behind it. */
function redactElement(source: Buffer, index: number, end: number, out: ByteWriter, placeholder: Buffer | undefined) {
  const quoted = source[index] === QUOTE;
  const after = quoted ? quotedEnd(source, index + 1, end) : bareEnd(source, index, end);
  const isNull = !quoted && after - index === 4 && source.compare(NULL_WORD, 0, 4, index, after) === 0;
  const isEmpty = quoted && after - index === 2;
  if (isNull || isEmpty || placeholder === undefined) out.bytes(source, index, after);
  else out.all(placeholder);
  return after;
}

function bareEnd(source: Buffer, index: number, end: number): number {
  let at = index;
  while (at < end && !endsBareElement[source[at]!]) at++;
  if (at === index) throw bad();
  return at;
}

/** The place behind the closing quote. An escape of the array is a backslash, which COPY doubles, and a character. */
function quotedEnd(source: Buffer, index: number, end: number): number {
  for (let at = index; at < end; at++) {
    const byte = source[at]!;
    if (byte === QUOTE) return at + 1;
    if (byte !== BACKSLASH) continue;
    const letter = source[at + 1]!;
    if (at + 1 >= end || !isEscapeLetter[letter]) throw bad();
    if (letter === BACKSLASH) {
      if (source[at + 2] === BACKSLASH && source[at + 3] !== BACKSLASH) throw bad();
      at += source[at + 2] === BACKSLASH ? 3 : 2;
    } else {
      at += 1;
    }
  }
  throw bad();
}

function bad() {
  return malformed('array', 'an array literal as PostgreSQL writes it');
}
