import { isDigit, isEscapedControl } from './bytes.ts';

/** An e-mail address: the local part is `bytes[start, at)`, the domain `bytes[domain, end)`. */
export interface Email {
  start: number;
  at: number;
  domain: number;
  end: number;
}

const table = (pattern: RegExp): readonly boolean[] =>
  Array.from({ length: 256 }, (_, byte) => byte >= 0x80 || pattern.test(String.fromCharCode(byte)));
const isLocalByte = table(/[\w.%+'-]/);
const isDomainByte = table(/[A-Za-z0-9.-]/);
const isIdByte = Array.from({ length: 256 }, (_, byte) => /[\w-]/.test(String.fromCharCode(byte)));
const isEdge = Array.from({ length: 256 }, (_, byte) => ".-'%+".includes(String.fromCharCode(byte)));
const DOT = 0x2e;
const longestLocal = 64;
const longestDomain = 253;
/** `picture@2x.png` is a file. */
const fileEndings = new Set('png jpg jpeg gif webp avif svg ico pdf css js json htm html txt zip'.split(' '));

/**
 * The e-mail address around the `@` of `width` bytes at `at` (`%40` has three), or `undefined`: a local part, and a
 * domain of at least two labels whose last one is made of letters.
 */
export function emailAt(bytes: Buffer, at: number, width: number, from: number, to: number): Email | undefined {
  const domain = at + width;
  const start = localStart(bytes, at, from);
  if (start === at) return undefined;
  const end = domainEnd(bytes, domain, to);
  let topLevel = end;
  while (topLevel > domain && bytes[topLevel - 1] !== DOT) topLevel--;
  if (topLevel <= domain + 1 || end - topLevel < 2 || bytes[topLevel - 2] === DOT) return undefined;
  for (let index = topLevel; index < end; index++) if (isDigit(bytes[index])) return undefined;
  if (end - topLevel <= 4 && fileEndings.has(bytes.toString('latin1', topLevel, end).toLowerCase())) return undefined;
  return { start, at, domain, end };
}

function localStart(bytes: Buffer, at: number, from: number): number {
  let start = at;
  const lowest = Math.max(from, at - longestLocal);
  while (start > lowest && isLocalByte[bytes[start - 1]!]) start--;
  // The n of an escaped line feed before the address is none of its letters.
  if (start < at && isEscapedControl(bytes, start, from)) start++;
  while (start < at && isEdge[bytes[start]!]) start++;
  return start;
}

function domainEnd(bytes: Buffer, domainStart: number, to: number): number {
  let end = domainStart;
  const highest = Math.min(to, domainStart + longestDomain);
  while (end < highest && isDomainByte[bytes[end]!]) end++;
  while (end > domainStart && isEdge[bytes[end - 1]!]) end--;
  return end;
}

const testPrefix = Buffer.from('test-');
const testDomain = Buffer.from('example.com');

/** Runbook: an address of the masked system is `test-{id}@example.com`. This is the scanner's own reading of it. */
export function isTestEmail(bytes: Buffer, { start, at, domain, end }: Email): boolean {
  if (end - domain !== testDomain.length || at - start <= testPrefix.length) return false;
  for (let index = 0; index < testDomain.length; index++) if (bytes[domain + index] !== testDomain[index]) return false;
  for (let index = 0; index < testPrefix.length; index++) if (bytes[start + index] !== testPrefix[index]) return false;
  for (let index = start; index < at; index++) if (!isIdByte[bytes[index]!]) return false;
  return true;
}

/** Writes the spelling under which an address is compared, lower case and with a plain `@`; gives its length. */
export function writeCanonicalEmail(bytes: Buffer, { start, at, domain, end }: Email, target: Buffer): number {
  let length = 0;
  for (let index = start; index < at; index++) target[length++] = lower(bytes[index]!);
  target[length++] = 0x40;
  for (let index = domain; index < end; index++) target[length++] = lower(bytes[index]!);
  return length;
}

function lower(byte: number): number {
  return byte >= 0x41 && byte <= 0x5a ? byte | 0x20 : byte;
}
