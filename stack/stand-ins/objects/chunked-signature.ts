import { createHash } from 'node:crypto';
import type { Authorisation } from './authentication.ts';
import { ByteReader } from './byte-reader.ts';
import { S3Error } from './errors.ts';
import { credentialScope, emptySha256, sha256, signText } from './signature.ts';

/** The values of `x-amz-content-sha256` that announce a body in chunks. */
const forms: Record<string, { signed: boolean; trailer: boolean }> = {
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': { signed: true, trailer: false },
  'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': { signed: true, trailer: true },
  'STREAMING-UNSIGNED-PAYLOAD-TRAILER': { signed: false, trailer: true },
};

export function isChunked(payloadHash: string): boolean {
  return payloadHash in forms;
}

/**
 * The bytes within a body sent in chunks. Each chunk is given on piece by piece, so its signature is known to be right
 * only when the next one begins: a caller makes nothing visible before the end was reached. `onTrailer` gets every
 * header that follows the last chunk, its signature already checked.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html and sigv4-streaming-trailers.html
 */
export async function* decodeChunks(
  body: AsyncIterable<Buffer>,
  authorisation: Authorisation,
  onTrailer: (name: string, value: string) => void,
): AsyncGenerator<Buffer> {
  const form = forms[authorisation.payloadHash];
  if (!form) throw new S3Error('InvalidRequest');
  const reader = new ByteReader(body);
  let previous = authorisation.signature;
  for (;;) {
    const { sizeBytes, signature } = parseChunkHead(await reader.line());
    const hash = createHash('sha256');
    for await (const piece of reader.bytes(sizeBytes)) {
      if (form.signed) hash.update(piece);
      yield piece;
    }
    if (form.signed) {
      verify(signature, chunkSignature(authorisation, previous, hash.digest('hex')));
      previous = signature;
    }
    if (sizeBytes === 0) break;
    if ((await reader.line()) !== '') throw new S3Error('InvalidRequest', 'A chunk is longer than it says.');
  }
  const { trailers, signature } = await readTrailers(reader);
  if (form.trailer && form.signed) verify(signature, trailerSignature(authorisation, previous, trailers));
  for (const [name, value] of trailers) onTrailer(name, value);
}

/** Signature of one chunk, which covers the one before it and so the order of all. */
export function chunkSignature({ key, scope }: Authorisation, previous: string, chunkSha256: string): string {
  const lines = [
    'AWS4-HMAC-SHA256-PAYLOAD',
    scope.timestamp,
    credentialScope(scope),
    previous,
    emptySha256,
    chunkSha256,
  ];
  return signText(key, lines.join('\n'));
}

/** Signature of the headers after the last chunk. */
export function trailerSignature(
  { key, scope }: Authorisation,
  previous: string,
  trailers: Iterable<readonly [string, string]>,
): string {
  const canonical = [...trailers].map(([name, value]) => `${name}:${value}\n`).join('');
  const lines = ['AWS4-HMAC-SHA256-TRAILER', scope.timestamp, credentialScope(scope), previous, sha256(canonical)];
  return signText(key, lines.join('\n'));
}

/** `10000;chunk-signature=ad80…`; without signatures only the size, in hex. */
function parseChunkHead(line: string): { sizeBytes: number; signature: string } {
  if (line === '') throw new S3Error('IncompleteBody');
  const match = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line);
  if (!match) throw new S3Error('InvalidRequest', 'The head of a chunk is malformed.');
  return { sizeBytes: Number.parseInt(match[1] ?? '', 16), signature: match[2] ?? '' };
}

async function readTrailers(reader: ByteReader): Promise<{ trailers: Map<string, string>; signature: string }> {
  const trailers = new Map<string, string>();
  let signature = '';
  while (!(await reader.atEnd())) {
    const line = await reader.line();
    if (line === '') continue;
    const [name = '', value = ''] = line.split(/:(.*)/s).map((part) => part.trim());
    if (name.toLowerCase() === 'x-amz-trailer-signature') signature = value;
    else trailers.set(name.toLowerCase(), value);
    if (trailers.size > 16) throw new S3Error('InvalidRequest', 'Too many trailing headers.');
  }
  return { trailers, signature };
}

function verify(actual: string, expected: string): void {
  if (actual !== expected) throw new S3Error('SignatureDoesNotMatch');
}
