import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { expect, test } from 'vitest';
import { openIdentity, openRecipient } from './age-header.ts';
import { headersAhead } from './age-headers-ahead.ts';

test('headers made ahead open their own files, are all different, and end with their thread', async () => {
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  const opened = await openRecipient(recipient);
  const ahead = headersAhead(recipient, opened);
  const opener = openIdentity(identity);
  const seen = new Set<string>();
  // More at once than one batch has, and then one by one.
  const made = await Promise.all(Array.from({ length: 300 }, () => ahead.newHeader()));
  for (let more = 0; more < 200; more += 1) made.push(await ahead.newHeader());
  for (const { header, fileKey } of made) {
    expect(header.length).toBe(ahead.headerBytes);
    expect(Buffer.from(await opener.fileKeyOf(header)).equals(fileKey)).toBe(true);
    seen.add(header.toString('hex'));
  }
  expect(seen.size).toBe(500);
  await ahead[Symbol.asyncDispose]();
  const late = Promise.all(Array.from({ length: 300 }, () => ahead.newHeader()));
  await expect(late).rejects.toThrow('the thread that makes headers has ended');
});

test('what is no recipient is said to whoever waits', async () => {
  await using ahead = headersAhead('age1nonsense', { headerBytes: 10, newHeader: () => Promise.reject(new Error()) });
  await expect(ahead.newHeader()).rejects.toThrow('cannot be encrypted');
});
