import { createHash } from 'node:crypto';
import type { Authorisation } from './authentication.ts';
import { checksumOf, type Checksum } from './checksum.ts';
import { decodeChunks, isChunked } from './chunked-signature.ts';
import { S3Error } from './errors.ts';

/** Bytes on their way in, and their MD5 in hex once all of them were read. */
export interface ByteSource {
  chunks: AsyncIterable<Buffer>;
  md5(): string;
}

export interface RequestBody extends ByteSource {
  /** Bytes that the client announced, without the frames of chunks; `undefined` when it announced none. */
  sizeBytes: number | undefined;
  /** The whole body of a small request. */
  text(): Promise<string>;
}

const largestTextBytes = 8 * 1024 * 1024;

/**
 * The body of a request, decoded and checked while it is read: signatures of chunks, the signed sha256, Content-MD5,
 * checksums, and the length. Whoever reads it to the end without an error has exactly what the client signed.
 */
export function openBody(
  raw: AsyncIterable<Buffer>,
  headers: Record<string, string>,
  authorisation: Authorisation,
): RequestBody {
  const { payloadHash } = authorisation;
  const chunked = isChunked(payloadHash);
  const sizeBytes = announcedSize(headers[chunked ? 'x-amz-decoded-content-length' : 'content-length']);
  const md5 = createHash('md5');
  let md5Hex = '';
  const expectedMd5 = contentMd5(headers['content-md5']);
  const trailers: Record<string, string> = {};
  const checks = openChecks(headers);

  async function* read(): AsyncGenerator<Buffer> {
    const sha256 = chunked || payloadHash === 'UNSIGNED-PAYLOAD' ? undefined : createHash('sha256');
    const bytes = chunked ? decodeChunks(raw, authorisation, (name, value) => (trailers[name] = value)) : raw;
    let readBytes = 0;
    for await (const piece of bytes) {
      md5.update(piece);
      sha256?.update(piece);
      for (const { checksum } of checks) checksum.update(piece);
      readBytes += piece.length;
      yield piece;
    }
    md5Hex = md5.digest('hex');
    if (sizeBytes !== undefined && readBytes !== sizeBytes) throw new S3Error('IncompleteBody');
    if (sha256 && sha256.digest('hex') !== payloadHash) throw new S3Error('XAmzContentSHA256Mismatch');
    if (expectedMd5 && expectedMd5 !== md5Hex) throw new S3Error('BadDigest');
    for (const { header, checksum } of checks) {
      if (checksum.digest() !== (headers[header] ?? trailers[header])) throw new S3Error('XAmzContentChecksumMismatch');
    }
  }

  const chunks = read();
  return { chunks, sizeBytes, md5: () => md5Hex, text: () => readText(chunks) };
}

/** Bytes that come from the store itself, e.g. of a copy. */
export function byteSource(bytes: AsyncIterable<Buffer>): ByteSource {
  const md5 = createHash('md5');
  let md5Hex = '';
  async function* read(): AsyncGenerator<Buffer> {
    for await (const piece of bytes) {
      md5.update(piece);
      yield piece;
    }
    md5Hex = md5.digest('hex');
  }
  return { chunks: read(), md5: () => md5Hex };
}

async function readText(chunks: AsyncIterable<Buffer>): Promise<string> {
  const pieces: Buffer[] = [];
  let sizeBytes = 0;
  for await (const piece of chunks) {
    sizeBytes += piece.length;
    if (sizeBytes > largestTextBytes) throw new S3Error('EntityTooLarge');
    pieces.push(piece);
  }
  return Buffer.concat(pieces).toString();
}

function announcedSize(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Content-MD5 in hex, from its base64. */
function contentMd5(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length !== 16) throw new S3Error('InvalidDigest');
  return bytes.toString('hex');
}

/** One running checksum for each that a header brings or announces as a trailer. */
function openChecks(headers: Record<string, string>): { header: string; checksum: Checksum }[] {
  const announced = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  return [...Object.keys(headers), ...announced].flatMap((header) => {
    const open = checksumOf(header);
    if (open === 'unknown')
      throw new S3Error('NotImplemented', `The stand-in does not know the checksum of ${header}.`);
    return open ? [{ header, checksum: open() }] : [];
  });
}
