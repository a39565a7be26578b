import { createHash, randomBytes } from 'node:crypto';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { beforeAll, expect, test } from 'vitest';
import { openIdentity, openRecipient, type OpenRecipient } from './age-header.ts';
import { contentOpener } from './content-opener.ts';
import { contentsElsewhere } from './contents-elsewhere.ts';
import { sealWhole } from './objects-seal.ts';

let identity = '';
let recipient: OpenRecipient;
beforeAll(async () => {
  identity = await generateX25519Identity();
  recipient = await openRecipient(await identityToRecipient(identity));
});

/** In memory of its own, as it is given away. */
const sealed = async (plain: Buffer): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await sealWhole(plain, recipient));

test.for([2, 4])(
  'on %d processors contents come back plain with their sha256, each to who asked for it',
  async (processors) => {
    await using opener = contentOpener(identity, openIdentity(identity), processors);
    const contents = [0, 1, 10_000, 64 * 1024, 64 * 1024 + 1, 3_000_000].map((sizeBytes) => randomBytes(sizeBytes));
    const opened = await Promise.all(contents.map(async (plain) => opener.open(await sealed(plain), 'here')));
    for (const [index, { plain, sha256 }] of opened.entries()) {
      expect(plain.equals(contents[index] as Buffer)).toBe(true);
      expect(sha256).toBe(createHash('sha256').update(plain).digest('hex'));
    }
  },
);

test.for([2, 4])(
  'on %d processors what is wrong with one is told to who asked for it, and the others are opened',
  async (processors) => {
    await using opener = contentOpener(identity, openIdentity(identity), processors);
    const altered = await sealed(randomBytes(100));
    altered[altered.length - 1] = (altered[altered.length - 1] ?? 0) ^ 1;
    const other = await openRecipient(await identityToRecipient(await generateX25519Identity()));
    const results = await Promise.allSettled([
      opener.open(altered, 'first'),
      opener.open(new Uint8Array(await sealWhole(Buffer.from('x'), other)), 'second'),
      opener.open(new Uint8Array(Buffer.from('no age file')), 'third'),
      opener.open(await sealed(Buffer.from('whole')), 'fourth'),
    ]);
    const [first, second, third, fourth] = results.map((result) =>
      result.status === 'fulfilled' ? result.value.plain.toString() : (result.reason as unknown),
    );
    expect(first).toBeInstanceOf(Error);
    expect(first).not.toMatchObject({ name: 'DrillError' });
    expect(second).toMatchObject({ code: 'decryption-failed', facts: { where: 'second' } });
    expect(third).toMatchObject({ code: 'backup-invalid', facts: { where: 'third' } });
    expect(fourth).toBe('whole');
    for (const error of [first, second, third]) expect(String(error)).not.toContain(identity);
  },
);

test('nobody waits for a thread that has ended or cannot begin', async () => {
  const opener = contentsElsewhere(identity);
  await opener.open(await sealed(Buffer.from('x')), 'here');
  const content = await sealed(randomBytes(5_000_000));
  const late = opener.open(content, 'here');
  await opener[Symbol.asyncDispose]();
  await expect(late).rejects.toThrow('the thread that opens contents has ended');
  await expect(opener.open(await sealed(Buffer.from('x')), 'here')).rejects.toThrow('has ended');
  await using wrong = contentsElsewhere('no key');
  await expect(wrong.open(await sealed(Buffer.from('x')), 'here')).rejects.toThrow('cannot be decrypted');
});
