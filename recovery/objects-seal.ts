import { createCipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { Encrypter, type Recipient } from 'age-encryption';
import { DrillError, messageOf } from '../domain/drill-error.ts';

const plainBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;

/**
 * Encrypts to an age public key (age-encryption.org/v1). The library makes the key of the file and the header; the
 * payload is sealed by Node's own ChaCha20-Poly1305, which takes a fraction of the time of the library's in JavaScript
 * and is the other half of `decrypt`.
 */
export async function* seal(source: AsyncIterable<Buffer>, recipient: string): AsyncGenerator<Buffer> {
  const { header, fileKey } = await fileHeader(recipient);
  const salt = randomBytes(nonceBytes);
  const key = Buffer.from(hkdfSync('sha256', fileKey, salt, 'payload', 32));
  yield Buffer.concat([header, salt]);
  const nonce = Buffer.alloc(12);
  let sealed = 0;
  const sealChunk = (plain: Buffer, isLast: boolean): Buffer => {
    // Eleven bytes of the chunk's number and one that marks the last chunk.
    nonce.writeUInt32BE(sealed, 7);
    nonce[11] = isLast ? 1 : 0;
    sealed += 1;
    const cipher = createCipheriv('chacha20-poly1305', key, nonce, { authTagLength: tagBytes });
    return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  };
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of source) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    // A full chunk is sealed only when more follows: until then it may be the last.
    for (; rest.length - at > plainBytes; at += plainBytes) yield sealChunk(rest.subarray(at, at + plainBytes), false);
    rest = rest.subarray(at);
  }
  yield sealChunk(rest, true);
}

/** Bytes of the encrypted form of `sizeBytes`, for a recipient whose header has `headerBytes`. */
export function sealedBytes(sizeBytes: number, headerBytes: number): number {
  return headerBytes + nonceBytes + sizeBytes + tagBytes * Math.max(1, Math.ceil(sizeBytes / plainBytes));
}

/** Bytes of the header for a recipient. Throws `configuration` for what is no age public key. */
export async function headerBytesOf(recipient: string): Promise<number> {
  return (await fileHeader(recipient)).header.length;
}

/** A short name of a recipient: contents encrypted to another one are other files. */
export function recipientTag(recipient: string): string {
  return createHash('sha256').update(recipient).digest('hex').slice(0, 16);
}

async function fileHeader(recipient: string): Promise<{ header: Buffer; fileKey: Uint8Array }> {
  const encrypter = new Encrypter();
  let fileKey = new Uint8Array();
  // Adds nothing to the header; it is how the library tells the key of the file that it makes.
  const listener: Recipient = {
    wrapFileKey: (key) => {
      fileKey = key.slice();
      return [];
    },
  };
  try {
    encrypter.addRecipient(recipient);
    encrypter.addRecipient(listener);
    const empty = Buffer.from(await encrypter.encrypt(''));
    return { header: empty.subarray(0, empty.length - nonceBytes - tagBytes), fileKey };
  } catch (cause) {
    throw new DrillError({
      code: 'configuration',
      what: 'the backup cannot be encrypted',
      expected: 'an age public key (age1…) as recipient',
      actual: messageOf(cause),
      cause,
    });
  }
}
