import { isDigit, isWordByte } from './bytes.ts';

/** Digits of a phone number: `digits[0, length)` of the scratch that it was read into. */
export interface Phone {
  /** Country code and number, without plus. */
  length: number;
  /** How many of them are the country code. */
  countryLength: number;
}

/** Country calling codes of one and two digits; the others have three (ITU-T E.164, list of assigned codes). */
const shortCodes = new Set(
  (
    '1 7 20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 ' +
    '90 91 92 93 94 95 98'
  ).split(' '),
);
/** First two digits of the codes of three digits. */
const longCodes = new Set('21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99'.split(' '));
/** Country codes whose numbers all have one length: a shorter or longer run of digits is something else. */
const fixedLengths: Partial<Record<string, number>> = { '1': 11, '7': 11 };
const fewestDigits = 9;
/** E.164. */
const mostDigits = 15;
const isSeparator = Array.from({ length: 256 }, (_, byte) => ' .-/()'.includes(String.fromCharCode(byte)));
/** What stands between two groups of a number. A space and then a dash is a minus: ` -5` begins another number. */
const separators = new Set(' |  |-|.|/| - | / |(| (|)|) |)-|).|)/|-(|.(|) ('.split('|'));
const mostSeparators = 3;

/**
 * Reads the international number whose first digit stands at `at`, behind `+` or `00`, into `digits`. A group of digits
 * that follows may belong to it or to the next word of the text, so each end of a group where the number is complete
 * is one reading: `read` is told of every one. Returns the place behind the digits.
 */
export function readPhone(bytes: Buffer, at: number, to: number, digits: Buffer, read: (phone: Phone) => void): number {
  let length = 0;
  let index = at;
  for (;;) {
    while (index < to && isDigit(bytes[index]) && length <= mostDigits) digits[length++] = bytes[index++]!;
    if (length > mostDigits || isDigit(bytes[index])) return index;
    const wordGoesOn = index < to && isWordByte(bytes[index]);
    const countryLength = wordGoesOn ? 0 : completeNumber(digits, length);
    if (countryLength > 0) read({ length, countryLength });
    const next = nextGroup(bytes, index, to);
    if (wordGoesOn || next < 0) return index;
    index = next;
    // The (0) of +40 (0) 721 is dialled at home only.
    if (bytes[index] === 0x30 && bytes[index - 1] === 0x28 && bytes[index + 1] === 0x29) {
      index = nextGroup(bytes, index + 1, to);
      if (index < 0) return at + length;
    }
  }
}

/** The first digit of the next group, or -1 when something else than a separator comes before it. */
function nextGroup(bytes: Buffer, at: number, to: number): number {
  let index = at;
  while (index < to && index - at < mostSeparators && isSeparator[bytes[index]!]) index++;
  if (index === at || index >= to || !isDigit(bytes[index])) return -1;
  return separators.has(bytes.toString('latin1', at, index)) ? index : -1;
}

/** Number of digits of the country code when the digits are a whole international number; else 0. */
function completeNumber(digits: Buffer, length: number): number {
  if (length < fewestDigits || length > mostDigits) return 0;
  const start = digits.toString('latin1', 0, 3);
  const country = [start.slice(0, 1), start.slice(0, 2)].find((code) => shortCodes.has(code));
  if (country === undefined) return longCodes.has(start.slice(0, 2)) ? 3 : 0;
  const fixed = fixedLengths[country];
  return fixed === undefined || fixed === length ? country.length : 0;
}

/**
 * The end of the number in national form (`0721 555 123`) whose leading zero is at `at`, read into `digits` without the
 * zero; 0 when it is none. Groups have three digits or more, so that dates are none.
 */
export function readNationalPhone(bytes: Buffer, at: number, to: number, digits: Buffer): number {
  let length = 0;
  let index = at + 1;
  let group = 1;
  for (; index < to && length < 11; index++) {
    const byte = bytes[index]!;
    if (isDigit(byte)) {
      digits[length++] = byte;
      group++;
    } else if ((byte === 0x20 || byte === 0x2d) && group >= 3 && isDigit(bytes[index + 1])) {
      group = 0;
    } else {
      break;
    }
  }
  const bounded = index >= to || !isWordByte(bytes[index]);
  return bounded && group >= 3 && length >= 8 && length <= 10 && digits[0] !== 0x30 ? length : 0;
}

/** Runbook: a number of the masked system is `+1000000{id}`; no real one begins like it. */
export function isTestPhone(bytes: Buffer, at: number): boolean {
  return bytes.toString('latin1', at, at + 7) === '1000000';
}
