import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto';
import { derivedKey } from './derived-key.ts';

/** Bytes of plain text in one chunk of a payload, of what is added to each chunk, and of the payload's nonce. */
export const plainChunkBytes = 64 * 1024;
export const tagBytes = 16;
export const nonceBytes = 16;

/**
 * The payload of an age file (age-encryption.org/v1, "Payload") is a row of sealed chunks of 64 KiB, the last one
 * shorter or as long. The nonce of a chunk is its number in eleven bytes and a byte that says whether it is the last, so
 * that a payload cut between chunks is noticed. Node's own ChaCha20-Poly1305 takes an eighth of the processor's time of
 * one in JavaScript.
 */
export interface PayloadSealer {
  /** Written before the first chunk. */
  nonce: Buffer;
  /** The sealed chunk in two pieces; not put into one, which would copy it. */
  seal(plain: Buffer, isLast: boolean): [content: Buffer, tag: Buffer];
}

/** Seals the chunks of one file, in their order. */
export function payloadSealer(fileKey: Uint8Array): PayloadSealer {
  const nonce = randomBytes(nonceBytes);
  const key = payloadKey(fileKey, nonce);
  const nextNonce = chunkNonces();
  return {
    nonce,
    seal: (plain, isLast) => {
      const cipher = createCipheriv('chacha20-poly1305', key, nextNonce(isLast), { authTagLength: tagBytes });
      const content = cipher.update(plain);
      cipher.final();
      return [content, cipher.getAuthTag()];
    },
  };
}

/** Opens the sealed chunks of one file, in their order. Throws for one that is not what was sealed there. */
export function payloadOpener(fileKey: Uint8Array, nonce: Buffer): (sealed: Buffer, isLast: boolean) => Buffer {
  const key = payloadKey(fileKey, nonce);
  const nextNonce = chunkNonces();
  return (sealed, isLast) => {
    if (sealed.length < tagBytes) throw new Error('it breaks off inside a chunk');
    const decipher = createDecipheriv('chacha20-poly1305', key, nextNonce(isLast), { authTagLength: tagBytes });
    decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes));
    const plain = decipher.update(sealed.subarray(0, sealed.length - tagBytes));
    // Throws unless the chunk is the one that was sealed under this number.
    decipher.final();
    return plain;
  };
}

function payloadKey(fileKey: Uint8Array, nonce: Buffer): KeyObject {
  return derivedKey(fileKey, nonce, 'payload');
}

function chunkNonces(): (isLast: boolean) => Buffer {
  const nonce = Buffer.alloc(12);
  let used = 0;
  return (isLast) => {
    nonce.writeUInt32BE(used, 7);
    nonce[11] = isLast ? 1 : 0;
    used += 1;
    return nonce;
  };
}
