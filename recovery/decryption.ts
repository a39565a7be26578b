import { Readable } from 'node:stream';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { openIdentity, type OpenIdentity } from './age-header.ts';
import { nonceBytes, payloadOpener, plainChunkBytes, tagBytes } from './age-payload.ts';

/**
 * Decrypts `source` with an age secret key (`AGE-SECRET-KEY-1…`). Throws `decryption-failed` for a key that does not
 * fit and `backup-invalid` for what is no age file; data that was altered or cut short fails the stream.
 */
export async function decrypt(source: Readable, identity: string, where: string): Promise<Readable> {
  try {
    const chunks = await decryptChunks(source as AsyncIterable<Buffer>, readIdentity(identity), where);
    return Readable.from(chunks, { objectMode: false, highWaterMark: plainChunkBytes });
  } catch (error) {
    source.destroy();
    throw error;
  }
}

/** Reads an age secret key. Throws `decryption-failed` for what is none. */
export function readIdentity(identity: string): OpenIdentity {
  try {
    return openIdentity(identity);
  } catch {
    // The library's message may quote the key.
    throw new DrillError({
      code: 'decryption-failed',
      what: 'the backup cannot be decrypted',
      expected: 'an age secret key (AGE-SECRET-KEY-1…)',
      actual: 'something else was given as the key',
    });
  }
}

/** The plain content chunk by chunk, with the errors of `decrypt`; ending it ends `source`. */
export async function decryptChunks(
  source: AsyncIterable<Buffer>,
  identity: OpenIdentity,
  where: string,
): Promise<AsyncGenerator<Buffer>> {
  const chunks = source[Symbol.asyncIterator]();
  try {
    const { header, nonce, rest } = await readHeader(chunks);
    return decryptPayload(chunks, rest, payloadOpener(await identity.fileKeyOf(header), nonce));
  } catch (cause) {
    await chunks.return?.();
    throw headerError(cause, where);
  }
}

/** Decrypts a file that is in memory; what was altered or cut short throws an error that is no `DrillError`. */
export async function decryptWhole(sealed: Buffer, identity: OpenIdentity, where: string): Promise<Buffer> {
  const parts = splitHeader(sealed);
  if (!parts) throw headerError(noHeader(), where);
  const { header, nonce, rest } = parts;
  const fileKey = await identity.fileKeyOf(header).catch((cause: unknown) => {
    throw headerError(cause, where);
  });
  const open = payloadOpener(fileKey, nonce);
  const pieces: Buffer[] = [];
  let at = 0;
  do {
    const end = Math.min(at + sealedChunkBytes, rest.length);
    pieces.push(open(rest.subarray(at, end), end === rest.length));
    at = end;
  } while (at < rest.length);
  requireFullEnd(pieces.at(-1), pieces.length);
  return pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
}

/** No header of a few recipients comes near it; what has no end until there is none. */
const headerBytesMax = 64 * 1024;
const sealedChunkBytes = plainChunkBytes + tagBytes;

interface FileParts {
  header: Buffer;
  nonce: Buffer;
  /** What was read behind them. */
  rest: Buffer;
}

async function readHeader(chunks: AsyncIterator<Buffer>): Promise<FileParts> {
  let bytes = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    bytes = Buffer.concat([bytes, next.value]);
    const parts = splitHeader(bytes);
    if (parts) return parts;
    if (bytes.length > headerBytesMax) break;
  }
  throw noHeader();
}

/** The header up to the line of its authentication code, and the nonce of the payload; nothing while they are cut. */
function splitHeader(bytes: Buffer): FileParts | undefined {
  const code = bytes.subarray(0, headerBytesMax).indexOf('\n--- ');
  const end = code === -1 ? -1 : bytes.indexOf('\n', code + 1) + 1;
  const payload = end + nonceBytes;
  if (end <= 0 || bytes.length < payload) return undefined;
  return { header: bytes.subarray(0, end), nonce: bytes.subarray(end, payload), rest: bytes.subarray(payload) };
}

function noHeader(): Error {
  return new Error('it has no header of the format');
}

async function* decryptPayload(
  chunks: AsyncIterator<Buffer>,
  first: Buffer,
  open: (sealed: Buffer, isLast: boolean) => Buffer,
): AsyncGenerator<Buffer> {
  const sealed = Buffer.allocUnsafe(sealedChunkBytes);
  let filled = 0;
  let opened = 1;
  try {
    for (let chunk: Buffer | undefined = first; chunk; chunk = await nextOf(chunks)) {
      for (let at = 0; at < chunk.length;) {
        // A full chunk is opened only when more follows: until then it may be the last.
        if (filled === sealedChunkBytes) {
          yield open(sealed, false);
          opened += 1;
          filled = 0;
        }
        const taken = chunk.copy(sealed, filled, at, at + sealedChunkBytes - filled);
        filled += taken;
        at += taken;
      }
    }
    const last = open(sealed.subarray(0, filled), true);
    requireFullEnd(last, opened);
    yield last;
  } finally {
    await chunks.return?.();
  }
}

function requireFullEnd(last: Buffer | undefined, chunks: number): void {
  if (last?.length === 0 && chunks > 1) throw new Error('its last chunk is empty');
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const { done, value } = await chunks.next();
  return done ? undefined : value;
}

function headerError(cause: unknown, where: string): unknown {
  if (cause instanceof DrillError) return cause;
  const message = messageOf(cause);
  if (/no identity matched/i.test(message)) {
    return new DrillError({
      code: 'decryption-failed',
      what: 'the age key does not fit the backup',
      expected: 'the secret key that belongs to the recipient in the manifest',
      actual: 'a key that none of its recipients has',
      where,
      cause,
    });
  }
  return new DrillError({
    code: 'backup-invalid',
    what: 'the backup has no readable age header',
    expected: 'a file in the age format',
    actual: message,
    where,
    cause,
  });
}
