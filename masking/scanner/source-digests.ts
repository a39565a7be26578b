import { randomBytes } from 'node:crypto';
import { KeyedHash } from './keyed-hash.ts';

/** What a value is, so that the same digits as a phone number and as a card number are two values. */
export type ValueKind = 'e' | 'p' | 'n' | 'i' | 'c';

/**
 * The personal values of the unmasked data as a set of 64-bit hashes under a random key of the run: it can be asked
 * whether it holds a value, and gives none away. It takes 8 bytes a slot and is at most two thirds full, so a million
 * different values take 16 MB.
 */
export class SourceDigests {
  readonly #hash: KeyedHash;
  readonly #scratch = Buffer.alloc(512);
  #slots = new Uint32Array(2 * 4096);
  #size = 0;

  /** `key`: at least 8 bytes, of which the first 8 count. */
  constructor(key: Uint8Array = randomBytes(8)) {
    this.#hash = new KeyedHash(Buffer.from(key));
  }

  /** Number of different values. */
  get size(): number {
    return this.#size;
  }

  /** Takes the ASCII value `bytes[start, end)` in its canonical spelling. */
  add(kind: ValueKind, bytes: Buffer, start: number, end: number): void {
    this.#digest(kind, bytes, start, end);
    if (3 * this.#size >= this.#slots.length) this.#grow();
    if (insert(this.#slots, this.#hash.low, this.#hash.high)) this.#size++;
  }

  has(kind: ValueKind, bytes: Buffer, start: number, end: number): boolean {
    this.#digest(kind, bytes, start, end);
    const place = find(this.#slots, this.#hash.low, this.#hash.high);
    return this.#slots[place] !== 0 || this.#slots[place + 1] !== 0;
  }

  #digest(kind: ValueKind, bytes: Buffer, start: number, end: number): void {
    const length = Math.min(end - start, this.#scratch.length - 1);
    this.#scratch[0] = kind.charCodeAt(0);
    for (let index = 0; index < length; index++) this.#scratch[index + 1] = bytes[start + index]!;
    this.#hash.hash(this.#scratch, length + 1);
    // A slot of two zeros is empty, so the one hash that looks like it takes its neighbour's place.
    if (this.#hash.low === 0 && this.#hash.high === 0) this.#hash.low = 1;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Uint32Array(old.length * 2);
    for (let place = 0; place < old.length; place += 2) {
      const low = old[place]!;
      const high = old[place + 1]!;
      if (low !== 0 || high !== 0) insert(this.#slots, low, high);
    }
  }
}

/** The slot that holds the hash, or the empty one where it belongs: open addressing, one slot after the other. */
function find(slots: Uint32Array, low: number, high: number): number {
  const mask = slots.length - 1;
  let place = (low * 2) & mask;
  while ((slots[place] !== 0 || slots[place + 1] !== 0) && (slots[place] !== low || slots[place + 1] !== high)) {
    place = (place + 2) & mask;
  }
  return place;
}

/** True when the hash was not there yet. */
function insert(slots: Uint32Array, low: number, high: number): boolean {
  const place = find(slots, low, high);
  const added = slots[place] === 0 && slots[place + 1] === 0;
  slots[place] = low;
  slots[place + 1] = high;
  return added;
}
