const empty = Buffer.from('""');
const masked = Buffer.from('"masked"');
const date = Buffer.from('"1970-01-01"');
const timestamp = Buffer.from('"1970-01-01T00:00:00Z"');
const uuid = Buffer.from('"00000000-0000-0000-0000-000000000000"');

const DASH = 0x2d;
const LOWER_T = 0x74;
const longestKey = 64;
const phoneDigits = 7;

/** Bytes that a plain key is made of: letters of any alphabet, digits, and what joins the words of a name. */
const isKeyByte = Array.from({ length: 256 }, (_, byte) => byte >= 0x80 || /[\w$.:/-]/.test(String.fromCharCode(byte)));
const isJoiner = Array.from({ length: 256 }, (_, byte) => './-'.includes(String.fromCharCode(byte)));

/**
 * True for a key that is a name of a field and so says nothing of a person: no blank, no `@`, no escape, at most 64
 * bytes, and no seven digits in a row (joiners between them do not count), which would be a phone number.
 */
export function isPlainKey(source: Buffer, start: number, end: number): boolean {
  if (end - start > longestKey) return false;
  let digits = 0;
  for (let index = start; index < end; index++) {
    const byte = source[index]!;
    if (!isKeyByte[byte]) return false;
    if (isDigit(byte)) digits++;
    else if (!isJoiner[byte]) digits = 0;
    if (digits >= phoneDigits) return false;
  }
  return true;
}

/**
 * What stands for a string of JSON, quotes included. Dates, instants and UUIDs get a placeholder of their own kind, so
 * that views and indexes that cast them go on working; the empty string stays.
 */
export function placeholderOf(source: Buffer, start: number, end: number): Buffer {
  const length = end - start;
  if (length === 0) return empty;
  if (length === 10 && isDate(source, start)) return date;
  if (length >= 16 && length <= 35 && isDate(source, start) && isTime(source, start + 10)) return timestamp;
  return length === 36 && isUuid(source, start, end) ? uuid : masked;
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

/** `dddd-dd-dd`. */
function isDate(source: Buffer, start: number): boolean {
  for (let index = 0; index < 10; index++) {
    const byte = source[start + index]!;
    if (index === 4 || index === 7 ? byte !== DASH : !isDigit(byte)) return false;
  }
  return true;
}

/** `Tdd:dd` or the same with a space. */
function isTime(source: Buffer, start: number): boolean {
  const first = source[start]! | 0x20;
  if (first !== LOWER_T && first !== 0x20) return false;
  return (
    isDigit(source[start + 1]!) &&
    isDigit(source[start + 2]!) &&
    source[start + 3] === 0x3a &&
    isDigit(source[start + 4]!) &&
    isDigit(source[start + 5]!)
  );
}

function isUuid(source: Buffer, start: number, end: number): boolean {
  for (let index = start; index < end; index++) {
    const byte = source[index]!;
    const place = index - start;
    const letter = byte | 0x20;
    const dash = place === 8 || place === 13 || place === 18 || place === 23;
    if (dash ? byte !== DASH : !isDigit(byte) && !(letter >= 0x61 && letter <= 0x66)) return false;
  }
  return true;
}
