import type { ByteWriter } from './byte-writer.ts';
import { BACKSLASH } from './copy-text.ts';
import { isPlainKey, placeholderOf } from './json-strings.ts';
import { literalEnd, numberEnd, stringEnd } from './json-tokens.ts';
import { malformed } from './malformed.ts';

const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const LOWER_T = 0x74;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const ZERO = Buffer.from('0');

/** What may come next. */
const VALUE = 0;
const FIRST_ITEM = 1;
const FIRST_KEY = 2;
const KEY = 3;
const AFTER_KEY = 4;
const AFTER_VALUE = 5;

/** Open arrays and objects around the place that is read; kept between calls, since a call leaves it empty. */
const open: number[] = [];

/**
 * Writes JSON, given in COPY text format, without its content: keys, the order and number of items, and types stay;
 * a string becomes `masked` (or a placeholder of its kind: see `placeholderOf`), a number becomes 0, `true`, `false`,
 * `null` and the empty string stay. A key that is no plain name may be personal data: it becomes `masked-key-N`, N
 * counting within the document. Works on the bytes and checks the whole grammar of RFC 8259: what is no JSON throws.
 */
export function redactJson(source: Buffer, start: number, end: number, out: ByteWriter): void {
  open.length = 0;
  let maskedKeys = 0;
  let next = VALUE;
  /** Everything before this place is written; what lies between it and `index` stays as it is. */
  let copied = start;
  let index = start;
  while (index < end) {
    const byte = source[index]!;
    if (byte === SPACE) {
      index++;
    } else if (byte === BACKSLASH) {
      // Between tokens only the escapes of line feed, carriage return and tab can stand.
      const letter = source[index + 1];
      if (index + 1 >= end || (letter !== LOWER_N && letter !== LOWER_R && letter !== LOWER_T)) throw bad();
      index += 2;
    } else if (next === KEY || (next === FIRST_KEY && byte !== CLOSE_OBJECT)) {
      if (byte !== QUOTE) throw bad();
      const close = stringEnd(source, index + 1, end);
      if (!isPlainKey(source, index + 1, close)) {
        out.bytes(source, copied, index);
        out.all(Buffer.from(`"masked-key-${++maskedKeys}"`));
        copied = close + 1;
      }
      index = close + 1;
      next = AFTER_KEY;
    } else if (next === AFTER_KEY) {
      if (byte !== COLON) throw bad();
      index++;
      next = VALUE;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      const empty = byte === CLOSE_OBJECT ? FIRST_KEY : FIRST_ITEM;
      if (open.pop() !== byte || (next !== AFTER_VALUE && next !== empty)) throw bad();
      index++;
      next = AFTER_VALUE;
    } else if (next === AFTER_VALUE) {
      if (byte !== COMMA || open.length === 0) throw bad();
      index++;
      next = open.at(-1) === CLOSE_OBJECT ? KEY : VALUE;
    } else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      open.push(byte === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY);
      index++;
      next = byte === OPEN_OBJECT ? FIRST_KEY : FIRST_ITEM;
    } else {
      const after = scalarEnd(source, index, end);
      const placeholder = scalarPlaceholder(source, index, after);
      if (placeholder !== undefined) {
        out.bytes(source, copied, index);
        out.all(placeholder);
        copied = after;
      }
      index = after;
      next = AFTER_VALUE;
    }
  }
  if (next !== AFTER_VALUE || open.length > 0) throw bad();
  out.bytes(source, copied, end);
}

/** The place behind the string, number or literal that begins at `index`. */
function scalarEnd(source: Buffer, index: number, end: number): number {
  const byte = source[index]!;
  if (byte === QUOTE) return stringEnd(source, index + 1, end) + 1;
  return byte === MINUS || isDigit(byte) ? numberEnd(source, index, end) : literalEnd(source, index, end);
}

/** What stands for a scalar; `undefined` for a literal, which stays. */
function scalarPlaceholder(source: Buffer, start: number, end: number): Buffer | undefined {
  const byte = source[start]!;
  if (byte === QUOTE) return placeholderOf(source, start + 1, end - 1);
  return byte === MINUS || isDigit(byte) ? ZERO : undefined;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function bad() {
  return malformed('JSON', 'JSON as PostgreSQL writes it');
}
