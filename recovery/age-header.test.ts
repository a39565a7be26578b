import {
  Decrypter,
  Encrypter,
  generateHybridIdentity,
  generateX25519Identity,
  identityToRecipient,
} from 'age-encryption';
import { describe, expect, it } from 'vitest';
import { openIdentity, openRecipient } from './age-header.ts';

async function keys(generate = generateX25519Identity): Promise<{ identity: string; recipient: string }> {
  const identity = await generate();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** The key of the file with this header, by the library. */
async function byLibrary(header: Buffer, identity: string): Promise<Buffer> {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  return Buffer.from(await decrypter.decryptHeader(header));
}

describe('the header of an age file', () => {
  it.for([
    ['X25519', generateX25519Identity],
    ['post-quantum', generateHybridIdentity],
  ] as const)('for a key of %s is read by the library and by us', async ([, generate]) => {
    const { identity, recipient } = await keys(generate);
    const opened = await openRecipient(recipient);
    for (let file = 0; file < 20; file += 1) {
      const { header, fileKey } = await opened.newHeader();
      expect(header.length).toBe(opened.headerBytes);
      expect((await byLibrary(header, identity)).equals(fileKey)).toBe(true);
      expect(Buffer.from(await openIdentity(identity).fileKeyOf(header)).equals(fileKey)).toBe(true);
    }
  });

  it('is another one for every file, with another key', async () => {
    const { recipient } = await keys();
    const opened = await openRecipient(recipient);
    const [one, other] = [await opened.newHeader(), await opened.newHeader()];
    expect(Buffer.from(one.fileKey).equals(other.fileKey)).toBe(false);
    expect(one.header.equals(other.header)).toBe(false);
  });

  it('made by the library, for one recipient or two, is read by us', async () => {
    const [mine, other] = [await keys(), await keys()];
    for (const recipients of [[mine], [mine, other], [other, mine]]) {
      const encrypter = new Encrypter();
      for (const { recipient } of recipients) encrypter.addRecipient(recipient);
      const header = Buffer.from(await encrypter.encrypt('')).subarray(0, -32);
      const fileKey = await openIdentity(mine.identity).fileKeyOf(header);
      expect((await byLibrary(header, mine.identity)).equals(fileKey)).toBe(true);
    }
  });

  it('is refused with another key, and when any of it was altered', async () => {
    const { identity, recipient } = await keys();
    const { header } = await (await openRecipient(recipient)).newHeader();
    const other = openIdentity((await keys()).identity);
    await expect(other.fileKeyOf(header)).rejects.toThrow('no identity matched');
    const own = openIdentity(identity);
    const lines = header.toString().split('\n');
    // The share, the wrapped key and the authentication code, each with another first digit.
    for (const at of [1, 2, 3]) {
      const altered = lines.map((line, index) => (index === at ? line.replace(/[A-Za-z0-9+/]{43}$/, flipped) : line));
      expect(altered).not.toEqual(lines);
      await expect(own.fileKeyOf(Buffer.from(altered.join('\n')))).rejects.toThrow();
    }
  });

  it('is not made for what is no public key, and not read with what is no secret key', async () => {
    await expect(openRecipient('age1nonsense')).rejects.toMatchObject({ code: 'configuration' });
    expect(() => openIdentity('AGE-SECRET-KEY-1NONSENSE')).toThrow();
  });
});

function flipped(digits: string): string {
  return (digits.startsWith('A') ? 'B' : 'A') + digits.slice(1);
}
