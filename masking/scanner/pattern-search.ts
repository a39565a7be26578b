import { beginsWord, isDigit, isUpperLetter, isWordByte } from './bytes.ts';
import { readCard } from './card.ts';
import { emailAt, isTestEmail, writeCanonicalEmail } from './email.ts';
import type { Detector, Finds } from './finds.ts';
import { readIban } from './iban.ts';
import { isTestPhone, readNationalPhone, readPhone } from './phone.ts';
import type { SourceDigests, ValueKind } from './source-digests.ts';

export interface PatternOptions {
  /** Takes every personal value that is recognised: for the unmasked data. */
  collect?: SourceDigests;
  /** Values that must not be there: for the masked data. */
  sourceDigests?: SourceDigests;
}

const SPACE = 0x20;
const PERCENT = 0x25;
const PLUS = 0x2b;
const DASH = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const AT = 0x40;
/** Bytes that a personal value can be recognised by: digits, `+`, `@`, and `%` for the two in a web address. */
const isTelling = Uint8Array.from({ length: 256 }, (_, byte) => Number(/[\d+@%]/.test(String.fromCharCode(byte))));

/** Searches text for personal values by their patterns, each with its validator. */
export class PatternSearch {
  readonly #collect: SourceDigests | undefined;
  readonly #sourceDigests: SourceDigests | undefined;
  /** The value that was read last, in its canonical spelling. */
  readonly #value = Buffer.alloc(512);
  #bytes: Buffer = Buffer.alloc(0);
  #start = 0;
  #end = 0;
  #finds: Finds = { found: () => {}, unicodeEscape: () => {} };

  constructor({ collect, sourceDigests }: PatternOptions) {
    this.#collect = collect;
    this.#sourceDigests = sourceDigests;
  }

  search(bytes: Buffer, start: number, end: number, finds: Finds): void {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#finds = finds;
    for (let index = start; index < end;) {
      const byte = bytes[index]!;
      if (isTelling[byte] === 0) {
        index++;
      } else if (byte < ZERO || byte > NINE) {
        index = this.#sign(index, byte);
      } else {
        let after = index + 1;
        while (after < end && isDigit(bytes[after])) after++;
        index = after - index > 1 ? this.#digits(index, after) : after;
      }
    }
  }

  /** Looks at the sign at `index`; gives the place to go on from. */
  #sign(index: number, byte: number): number {
    const sign = byte === PERCENT ? encodedSign(this.#bytes, index) : byte;
    const after = index + (byte === PERCENT ? 3 : 1);
    if (sign === AT) {
      this.#email(index, after);
      return after;
    }
    if (sign !== PLUS || !beginsWord(this.#bytes, index, this.#start)) return index + 1;
    if (!isDigit(this.#bytes[after]) || this.#bytes[after] === ZERO) return after;
    return isTestPhone(this.#bytes, after) ? after + 7 : this.#phone(index, after);
  }

  #email(at: number, domain: number): void {
    const email = emailAt(this.#bytes, at, domain - at, this.#start, this.#end);
    if (email === undefined || isTestEmail(this.#bytes, email)) return;
    this.#found('email', at, 'e', writeCanonicalEmail(this.#bytes, email, this.#value));
  }

  #phone(place: number, firstDigit: number): number {
    let found = false;
    const after = readPhone(this.#bytes, firstDigit, this.#end, this.#value, ({ length, countryLength }) => {
      if (found) this.#compare('p', place, length);
      else this.#found('phone', place, 'p', length);
      found = true;
      this.#collect?.add('n', this.#value, countryLength, length);
    });
    return after;
  }

  /** Looks at the digits `[index, after)`, two or more; gives the place to go on from. */
  #digits(index: number, after: number): number {
    const bytes = this.#bytes;
    const length = after - index;
    if (isUpperLetter(bytes[index - 1])) return this.#iban(index - 2) ?? after;
    const leadingZero = bytes[index] === ZERO;
    const likeCard = length === 4 ? isGrouped(bytes, after) : length >= 13 && length <= 19;
    if ((!leadingZero && !likeCard) || length < 3 || !beginsWord(bytes, index, this.#start)) return after;
    // Behind a dot or a dash the digits go on with a number or with a code such as a UUID.
    const before = index > this.#start ? bytes[index - 1] : undefined;
    const beforeThat = index - 1 > this.#start ? bytes[index - 2] : undefined;
    if (before === DOT || (before === DASH && (leadingZero ? isWordByte(beforeThat) : isDigit(beforeThat))))
      return after;
    if (leadingZero) return this.#leadingZero(index, after, before === SPACE && isDigit(beforeThat));
    const card = readCard(bytes, index, this.#end, this.#value);
    if (card === undefined) return after;
    this.#found('card', index, 'c', card.length);
    return card.end;
  }

  /** The place behind the IBAN at `at`, where there is one. */
  #iban(at: number): number | undefined {
    if (at < this.#start || !isUpperLetter(this.#bytes[at]) || !beginsWord(this.#bytes, at, this.#start))
      return undefined;
    const iban = readIban(this.#bytes, at, this.#end, this.#value);
    if (iban !== undefined) this.#found('iban', at, 'i', iban.length);
    return iban?.end;
  }

  /** `0040 721 …` is an international number when it is written in groups; `0721 …` is told only by comparison. */
  #leadingZero(index: number, after: number, groupBefore: boolean): number {
    const bytes = this.#bytes;
    if (bytes[index + 1] === ZERO) {
      if (!groupBefore && after - index <= 5 && bytes[index + 2] !== ZERO) this.#phone(index, index + 2);
    } else if (this.#sourceDigests !== undefined) {
      const size = readNationalPhone(bytes, index, this.#end, this.#value);
      if (size > 0) this.#compare('n', index, size);
    }
    return after;
  }

  /** Reports the value in the first `size` bytes of `#value`. */
  #found(detector: Detector, at: number, kind: ValueKind, size: number): void {
    this.#finds.found(detector, at);
    this.#compare(kind, at, size);
  }

  #compare(kind: ValueKind, at: number, size: number): void {
    if (kind !== 'n') this.#collect?.add(kind, this.#value, 0, size);
    if (this.#sourceDigests?.has(kind, this.#value, 0, size)) this.#finds.found('source-value', at);
  }
}

/** True when a separator and four digits follow, as between the groups of a card number. */
function isGrouped(bytes: Buffer, at: number): boolean {
  if (bytes[at] !== SPACE && bytes[at] !== DASH) return false;
  for (let index = at + 1; index <= at + 4; index++) if (!isDigit(bytes[index])) return false;
  return true;
}

/** The sign that `%40` or `%2B` stands for; the percent sign itself for anything else. */
function encodedSign(bytes: Buffer, index: number): number {
  const code = bytes.toString('latin1', index + 1, index + 3).toLowerCase();
  return { '40': AT, '2b': PLUS }[code] ?? PERCENT;
}
