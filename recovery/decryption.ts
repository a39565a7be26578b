import { createDecipheriv, hkdfSync } from 'node:crypto';
import { Readable } from 'node:stream';
import { Decrypter } from 'age-encryption';
import { DrillError, messageOf } from '../domain/drill-error.ts';

/**
 * Decrypts `source` with an age secret key (`AGE-SECRET-KEY-1…`). Throws `decryption-failed` for a key that does not
 * fit and `backup-invalid` for what is no age file; data that was altered or cut short fails the stream.
 *
 * The library reads the header and gives the file's key. The payload (age-encryption.org/v1, "Payload") is decrypted by
 * Node's own ChaCha20-Poly1305: the library's, in JavaScript, takes eight times the processor's time, which a restore
 * needs for loading rows.
 */
export async function decrypt(source: Readable, identity: string, where: string): Promise<Readable> {
  const decrypter = new Decrypter();
  try {
    decrypter.addIdentity(identity);
  } catch {
    source.destroy();
    // The library's message may quote the key.
    throw new DrillError({
      code: 'decryption-failed',
      what: 'the backup cannot be decrypted',
      expected: 'an age secret key (AGE-SECRET-KEY-1…)',
      actual: 'something else was given as the key',
    });
  }
  const chunks = (source as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  try {
    const { header, nonce, rest } = await readHeader(chunks);
    const fileKey = await decrypter.decryptHeader(header);
    const key = Buffer.from(hkdfSync('sha256', fileKey, nonce, 'payload', 32));
    return Readable.from(decryptPayload(chunks, rest, key), { objectMode: false, highWaterMark: 64 * 1024 });
  } catch (cause) {
    source.destroy();
    throw headerError(cause, where);
  }
}

const nonceBytes = 16;
/** No header of a few recipients comes near it; what has no end until there is none. */
const headerBytesMax = 64 * 1024;

/** The header up to the line of its authentication code, the nonce of the payload, and what was read behind them. */
async function readHeader(chunks: AsyncIterator<Buffer>): Promise<{ header: Buffer; nonce: Buffer; rest: Buffer }> {
  let bytes = Buffer.alloc(0);
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) {
    bytes = Buffer.concat([bytes, next.value]);
    const code = bytes.indexOf('\n--- ');
    const end = code === -1 ? -1 : bytes.indexOf('\n', code + 1) + 1;
    if (end > 0 && bytes.length >= end + nonceBytes) {
      const payload = end + nonceBytes;
      return { header: bytes.subarray(0, end), nonce: bytes.subarray(end, payload), rest: bytes.subarray(payload) };
    }
    if (end <= 0 && bytes.length > headerBytesMax) break;
  }
  throw new Error('it has no header of the format');
}

const plainBytes = 64 * 1024;
const tagBytes = 16;
const sealedBytes = plainBytes + tagBytes;

/**
 * The payload is a row of sealed chunks of 64 KiB, the last one shorter or as long. The nonce of a chunk is its number
 * in eleven bytes and a byte that says whether it is the last, so that a payload cut between chunks is noticed.
 */
async function* decryptPayload(chunks: AsyncIterator<Buffer>, first: Buffer, key: Buffer): AsyncGenerator<Buffer> {
  const sealed = Buffer.alloc(sealedBytes);
  const nonce = Buffer.alloc(12);
  let filled = 0;
  let opened = 0;
  const open = (isLast: boolean): Buffer => {
    nonce.writeUInt32BE(opened, 7);
    nonce[11] = isLast ? 1 : 0;
    opened += 1;
    return openChunk(sealed.subarray(0, filled), key, nonce);
  };
  for (let chunk: Buffer | undefined = first; chunk; chunk = await nextOf(chunks)) {
    for (let at = 0; at < chunk.length;) {
      // A full chunk is opened only when more follows: until then it may be the last.
      if (filled === sealedBytes) {
        yield open(false);
        filled = 0;
      }
      const taken = chunk.copy(sealed, filled, at, at + sealedBytes - filled);
      filled += taken;
      at += taken;
    }
  }
  const last = open(true);
  if (last.length === 0 && opened > 1) throw new Error('its last chunk is empty');
  yield last;
}

async function nextOf(chunks: AsyncIterator<Buffer>): Promise<Buffer | undefined> {
  const { done, value } = await chunks.next();
  return done ? undefined : value;
}

function openChunk(sealed: Buffer, key: Buffer, nonce: Buffer): Buffer {
  if (sealed.length < tagBytes) throw new Error('it breaks off inside a chunk');
  const decipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagBytes });
  decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
  const plain = decipher.update(sealed.subarray(0, sealed.length - tagBytes));
  // Throws unless the chunk is the one that was sealed under this number.
  decipher.final();
  return plain;
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
