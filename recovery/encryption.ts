import { Readable } from 'node:stream';
import { openRecipient, type FileHeader } from './age-header.ts';
import { payloadSealer, plainChunkBytes } from './age-payload.ts';

/** Encrypts `source` in the age format (age-encryption.org/v1) to a public key (`age1…`). It is closed with the result. */
export async function encrypt(source: Readable, recipient: string): Promise<Readable> {
  const opened = await openRecipient(recipient);
  const chunks = sealed(source, await opened.newHeader());
  const encrypted = Readable.from(chunks, { objectMode: false, highWaterMark: 4 * plainChunkBytes });
  // A source that gives nothing just now would else be waited for first.
  return encrypted.once('close', () => void source.destroy());
}

/** The header, then sealed chunks. A chunk is sealed when more has come, since the last one is sealed as such. */
async function* sealed(source: AsyncIterable<Buffer>, { header, fileKey }: FileHeader): AsyncGenerator<Buffer> {
  const sealer = payloadSealer(fileKey);
  yield Buffer.concat([header, sealer.nonce]);
  const chunk = Buffer.allocUnsafe(plainChunkBytes);
  let filled = 0;
  for await (let piece of source) {
    while (piece.length > 0) {
      if (filled === chunk.length) {
        yield* sealer.seal(chunk, false);
        filled = 0;
      }
      const taken = piece.copy(chunk, filled);
      filled += taken;
      piece = piece.subarray(taken);
    }
  }
  yield* sealer.seal(chunk.subarray(0, filled), true);
}
