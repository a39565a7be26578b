import { createHash } from 'node:crypto';
import type { OpenRecipient } from './age-header.ts';
import { nonceBytes, payloadSealer, plainChunkBytes, tagBytes } from './age-payload.ts';

/**
 * Encrypts in the age format (age-encryption.org/v1) what comes in pieces of any size. The pieces that it gives are as
 * the cipher gave them, so that whoever gathers them copies them once.
 */
export async function* seal(source: AsyncIterable<Buffer>, recipient: OpenRecipient): AsyncGenerator<Buffer> {
  const { header, fileKey } = await recipient.newHeader();
  const sealer = payloadSealer(fileKey);
  yield header;
  yield sealer.nonce;
  let filling = Buffer.allocUnsafe(plainChunkBytes);
  let filled = 0;
  for await (const piece of source) {
    for (let at = 0; at < piece.length;) {
      // A full chunk is sealed only when more follows: until then it may be the last.
      if (filled === plainChunkBytes) {
        yield* sealer.seal(filling, false);
        filled = 0;
      }
      const taken = piece.copy(filling, filled, at, at + plainChunkBytes - filled);
      filled += taken;
      at += taken;
    }
  }
  yield* sealer.seal(filling.subarray(0, filled), true);
}

/** Encrypts a content that is in memory, likewise. */
export async function sealWhole(plain: Buffer, recipient: OpenRecipient): Promise<Buffer> {
  const { header, fileKey } = await recipient.newHeader();
  const sealer = payloadSealer(fileKey);
  const pieces = [header, sealer.nonce];
  let at = 0;
  do {
    const end = Math.min(at + plainChunkBytes, plain.length);
    pieces.push(...sealer.seal(plain.subarray(at, end), end === plain.length));
    at = end;
  } while (at < plain.length);
  return Buffer.concat(pieces);
}

/** Bytes of the encrypted form of `sizeBytes`, for a recipient whose header has `headerBytes`. */
export function sealedBytes(sizeBytes: number, headerBytes: number): number {
  return headerBytes + nonceBytes + sizeBytes + tagBytes * Math.max(1, Math.ceil(sizeBytes / plainChunkBytes));
}

/** A short name of a recipient: contents encrypted to another one are other files. */
export function recipientTag(recipient: string): string {
  return createHash('sha256').update(recipient).digest('hex').slice(0, 16);
}
