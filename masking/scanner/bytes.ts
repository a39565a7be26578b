const BACKSLASH = 0x5c;

/** A value that was read: its canonical spelling has `length` bytes; in the text it goes up to `end`. */
export interface Reading {
  length: number;
  end: number;
}

export function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

export function isUpperLetter(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x41 && byte <= 0x5a;
}

/** Letters of any alphabet, digits and the underscore: what a number or a code does not stand directly beside. */
const isWord: readonly boolean[] = Array.from(
  { length: 256 },
  (_, byte) => byte >= 0x80 || /\w/.test(String.fromCharCode(byte)),
);

export function isWordByte(byte: number | undefined): boolean {
  return byte !== undefined && isWord[byte]!;
}

const isControlLetter: readonly boolean[] = Array.from({ length: 256 }, (_, byte) =>
  'bfnrtv'.includes(String.fromCharCode(byte)),
);

/** True when the byte at `at` is the letter of an escaped control character, such as the n of `\n`. */
export function isEscapedControl(bytes: Buffer, at: number, start: number): boolean {
  return at > start && isControlLetter[bytes[at]!]! && bytes[at - 1] === BACKSLASH;
}

/** True when nothing that belongs to the same word stands before `at`. */
export function beginsWord(bytes: Buffer, at: number, start: number): boolean {
  return at === start || !isWordByte(bytes[at - 1]) || isEscapedControl(bytes, at - 1, start);
}
