import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { Decrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { describe, expect, test } from 'vitest';
import { encrypt } from './encryption.ts';

const chunk = 64 * 1024;

describe('encrypt', () => {
  test.each([0, 1, chunk - 1, chunk, chunk + 1, 2 * chunk, 3 * chunk + 7])(
    '%i bytes in pieces of any size are opened by the library of age',
    async (sizeBytes) => {
      const identity = await generateX25519Identity();
      const plain = Buffer.from(Array.from({ length: sizeBytes }, (_, at) => (at * 31 + (at >> 8)) % 256));
      const pieces = [0, 1, 2, 1000, chunk, 2 * chunk].map((from, index, all) => plain.subarray(from, all[index + 1]));
      const sealed = await buffer(await encrypt(Readable.from(pieces), await identityToRecipient(identity)));
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      const opened = Buffer.from(await decrypter.decrypt(sealed));
      expect(opened.equals(plain)).toBe(true);
      expect(sealed.length).toBeGreaterThan(sizeBytes);
    },
  );

  test('a source that fails fails the result, and one that is given up is closed', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    const failing = Readable.from(
      (async function* () {
        yield Buffer.alloc(10);
        throw new Error('the disk is gone');
      })(),
    );
    await expect(buffer(await encrypt(failing, recipient))).rejects.toThrow('the disk is gone');
    const endless = new Readable({ read: (size) => void endless.push(Buffer.alloc(size)) });
    for await (const _ of await encrypt(endless, recipient)) break;
    await expect.poll(() => endless.destroyed).toBe(true);
    const silent = new Readable({ read: () => {} });
    (await encrypt(silent, recipient)).destroy();
    await expect.poll(() => silent.destroyed).toBe(true);
  });

  test('what is no public key is refused', async () => {
    await expect(encrypt(Readable.from([]), 'age1none')).rejects.toMatchObject({ code: 'configuration' });
  });
});
