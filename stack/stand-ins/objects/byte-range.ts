import { S3Error } from './errors.ts';

/** Bytes of an object, both ends counted in. */
export interface ByteRange {
  first: number;
  last: number;
}

/**
 * The part of an object that a `Range` header asks for. `undefined` when it asks for several parts, or is none that is
 * understood: then the whole is meant. Throws `InvalidRange`. Source: RFC 9110, section 14.1.2.
 */
export function parseRange(header: string | undefined, sizeBytes: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [, start = '', end = ''] = match ?? [];
  if (!match || start + end === '') return undefined;
  const range =
    start === ''
      ? { first: Math.max(sizeBytes - Number(end), 0), last: sizeBytes - 1 }
      : { first: Number(start), last: Math.min(end === '' ? Infinity : Number(end), sizeBytes - 1) };
  if (range.first > range.last) throw new S3Error('InvalidRange');
  return range;
}

/** The range of a copied part, which has to lie within its source. */
export function parseCopyRange(header: string | undefined, sizeBytes: number): ByteRange {
  if (header === undefined) return { first: 0, last: sizeBytes - 1 };
  const [, start = '', end = ''] = /^bytes=(\d+)-(\d+)$/.exec(header) ?? [];
  if (start === '' || Number(start) > Number(end) || Number(end) >= sizeBytes) {
    throw new S3Error('InvalidArgument', 'Range specified is not valid for source object.');
  }
  return { first: Number(start), last: Number(end) };
}

/** The range of one part of an object, parts counted from 1 as they were uploaded. */
export function partRange(parts: readonly { sizeBytes: number }[], partNumber: string): ByteRange {
  const index = Number(partNumber) - 1;
  const part = parts[index];
  if (!part) throw new S3Error('InvalidRange', 'The requested part does not exist.');
  const first = parts.slice(0, index).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  return { first, last: first + part.sizeBytes - 1 };
}
