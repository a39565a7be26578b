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
  for (let index = start; ; index += 2) {
    let characters = 0;
    let blank = true;
    for (; index < end; index++) {
      const byte = source[index]!;
      if (byte === BACKSLASH) {
        const letter = source[index + 1]!;
        if (index + 1 >= end || !isEscapeLetter[letter]) throw malformed('text', 'an escape of COPY text');
        if (letter === LOWER_N || letter === LOWER_R) break;
        if (letter === BACKSLASH) blank = false;
        index++;
      } else if (byte !== SPACE) {
        blank = false;
      }
      // A byte of the form 10xxxxxx goes on with a character of UTF-8 that was counted at its first byte.
      if ((byte & 0xc0) !== 0x80) characters++;
    }
    if (!blank) room -= writeFiller(out, characters, room);
    if (index >= end) return;
    if (room-- > 0) out.bytes(source, index, index + 2);
  }
}

/** Writes whole words that fit into `characters`, at least one, but never more than `room` characters. */
function writeFiller(out: ByteWriter, characters: number, room: number): number {
  const words = Math.max(1, Math.floor((characters + 1) / stride));
  const length = Math.min(words * stride - 1, Math.max(0, room));
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
