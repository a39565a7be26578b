import { isDigit, isWordByte, type Reading } from './bytes.ts';

/** First digits and lengths of the card schemes that are worth the name (ISO/IEC 7812 issuer ranges). */
const schemes: [from: number, to: number, lengths: number[]][] = [
  [400_000, 499_999, [13, 16, 19]],
  [510_000, 559_999, [16]],
  [222_100, 272_099, [16]],
  [340_000, 349_999, [15]],
  [370_000, 379_999, [15]],
  [601_100, 601_199, [16, 19]],
  [644_000, 659_999, [16, 19]],
  [300_000, 305_999, [14]],
  [360_000, 369_999, [14]],
  [380_000, 399_999, [14]],
  [352_800, 358_999, [16, 19]],
  [620_000, 629_999, [16, 19]],
];
/** How a number is written in groups; anything else with separators is no card number. */
const groupings = ['4 4 4 4', '4 4 4 4 3', '4 6 5', '4 6 4'];

/**
 * Reads the card number that begins at `at` into `digits`. `undefined` when the scheme, the length, the grouping, the
 * boundary or the check digit (Luhn, ISO/IEC 7812-1 annex B) is wrong.
 */
export function readCard(bytes: Buffer, at: number, to: number, digits: Buffer): Reading | undefined {
  let length = 0;
  let group = 0;
  const groups: number[] = [];
  let separator: number | undefined;
  let index = at;
  for (; index < to && length <= 19; index++) {
    const byte = bytes[index]!;
    if (isDigit(byte)) {
      digits[length++] = byte;
      group++;
      continue;
    }
    if ((byte !== 0x20 && byte !== 0x2d) || (separator ?? byte) !== byte || !isDigit(bytes[index + 1])) break;
    // A space behind a whole number parts it from the next word.
    if (byte === 0x20 && isKnownGrouping([...groups, group]) && isScheme(digits, length)) break;
    separator = byte;
    groups.push(group);
    group = 0;
  }
  groups.push(group);
  if (index < to && (isWordByte(bytes[index]) || (bytes[index] === 0x2e && isDigit(bytes[index + 1]))))
    return undefined;
  const valid = isKnownGrouping(groups) && isScheme(digits, length) && passesLuhn(digits, length);
  return valid ? { length, end: index } : undefined;
}

function isKnownGrouping(groups: readonly number[]): boolean {
  return groups.length === 1 || groupings.includes(groups.join(' '));
}

function isScheme(digits: Buffer, length: number): boolean {
  if (length < 13 || length > 19) return false;
  const issuer = Number(digits.toString('latin1', 0, 6));
  return schemes.some(([from, to, lengths]) => issuer >= from && issuer <= to && lengths.includes(length));
}

function passesLuhn(digits: Buffer, length: number): boolean {
  let sum = 0;
  for (let place = 0; place < length; place++) {
    const digit = digits[length - 1 - place]! - 0x30;
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
