import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { beforeAll, describe, expect, it } from 'vitest';
import { decrypt, decryptWhole, readIdentity } from './decryption.ts';
import { openRecipient } from './age-header.ts';
import { recipientTag, seal, sealedBytes, sealWhole } from './objects-seal.ts';

const chunk = 64 * 1024;

describe('seal', () => {
  let identity = '';
  let recipient = '';
  beforeAll(async () => {
    identity = await generateX25519Identity();
    recipient = await identityToRecipient(identity);
  });
  const sealed = async (plain: Buffer, pieceBytes: number) =>
    buffer(Readable.from(seal(pieces(plain, pieceBytes), await openRecipient(recipient))));

  it.for([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 7])(
    '%d bytes are an age file of the size foretold, for the library and for our own reader',
    async (sizeBytes) => {
      const plain = randomBytes(sizeBytes);
      const { headerBytes } = await openRecipient(recipient);
      const files = await Promise.all([999, chunk, 10 * chunk].map((pieceBytes) => sealed(plain, pieceBytes)));
      for (const file of [...files, await sealWhole(plain, await openRecipient(recipient))]) {
        expect(file.length).toBe(sealedBytes(sizeBytes, headerBytes));
        const decrypter = new Decrypter();
        decrypter.addIdentity(identity);
        expect(plain.equals(await decrypter.decrypt(file))).toBe(true);
        expect(plain.equals(await buffer(await decrypt(Readable.from([file]), identity, 'here')))).toBe(true);
        expect(plain.equals(await decryptWhole(file, readIdentity(identity), 'here'))).toBe(true);
      }
    },
  );

  it('seals the same content differently each time', async () => {
    expect((await sealed(Buffer.from('x'), 1)).equals(await sealed(Buffer.from('x'), 1))).toBe(false);
  });

  it('a file cut between two chunks does not open', async () => {
    const file = await sealed(randomBytes(2 * chunk), chunk);
    const cut = file.subarray(0, file.length - chunk - 16);
    await expect(decrypt(Readable.from([cut]), identity, 'here').then(buffer)).rejects.toThrow();
    await expect(decryptWhole(cut, readIdentity(identity), 'here')).rejects.toThrow();
  });

  it('what is no recipient is refused', async () => {
    await expect(openRecipient('age1nonsense')).rejects.toMatchObject({ code: 'configuration' });
  });

  it('recipients have names of their own', async () => {
    const other = await identityToRecipient(await generateX25519Identity());
    expect(recipientTag(recipient)).toMatch(/^[0-9a-f]{16}$/);
    expect(recipientTag(other)).not.toBe(recipientTag(recipient));
  });
});

async function* pieces(plain: Buffer, pieceBytes: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < plain.length; at += pieceBytes) yield plain.subarray(at, at + pieceBytes);
}
