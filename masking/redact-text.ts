import type { ByteWriter } from './byte-writer.ts';
import { BACKSLASH, isEscapeLetter } from './copy-text.ts';
import { malformed } from './malformed.ts';

/** The only word of a masked text. */
export const maskedWord = 'masked';

const wordLength = maskedWord.length;
const stride = wordLength + 1;
const filler = Buffer.from(Array.from({ length: 1024 }, () => maskedWord).join(' '));
const LOWER_N = 0x6e;
const LOWER_R = 0x72;
const SPACE = 0x20;

/**
 * Writes free text, given in COPY text format, without any of its words: each line becomes the word `masked`, repeated
 * as often as it fits into the length that the line had, and at least once. So the number of lines and, to seven
 * characters, their lengths stay, which keeps row widths, length checks and layouts as they were; blank lines stay
 * blank. `limit` is the greatest number of characters that the column takes.
 */
export function redactText(source: Buffer, start: number, end: number, out: ByteWriter, limit = Infinity): void {
  let room = limit;
  let characters = 0;
  let blank = true;
  for (let index = start; index <= end; index++) {
    const byte = source[index]!;
    const escaped = index < end && byte === BACKSLASH;
    const letter = escaped ? source[index + 1]! : 0;
    if (escaped && (index + 1 >= end || !isEscapeLetter[letter])) throw malformed('text', 'an escape of COPY text');
    const lineEnds = index === end || (escaped && (letter === LOWER_N || letter === LOWER_R));
    if (!lineEnds) {
      // A byte of the form 10xxxxxx goes on with a character of UTF-8 that was counted at its first byte.
      if ((byte & 0xc0) !== 0x80) characters++;
      if (byte !== SPACE && !escaped) blank = false;
      if (escaped) index++;
      continue;
    }
    if (!blank) room -= writeFiller(out, characters, room);
    if (index < end && room > 0) {
      out.bytes(source, index, index + 2);
      room--;
    }
    if (index < end) index++;
    characters = 0;
    blank = true;
  }
}

/** Writes whole words that fit into `characters`, at least one, but never more than `room` characters. */
function writeFiller(out: ByteWriter, characters: number, room: number): number {
  const words = Math.max(1, Math.floor((characters + 1) / stride));
  const length = Math.min(words * stride - 1, room);
  // The filler begins with a word and ends with one: a longer text repeats it with its first space put between.
  for (let written = 0; written < length;) {
    const size = Math.min(length - written, filler.length);
    out.bytes(filler, 0, size);
    written += size;
    if (written < length) {
      out.byte(SPACE);
      written++;
    }
  }
  return length;
}
