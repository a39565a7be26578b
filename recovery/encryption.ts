import { Readable } from 'node:stream';
import { Decrypter, Encrypter } from 'age-encryption';
import { DrillError, messageOf } from '../domain/drill-error.ts';

/** Encrypts `source` in the age format (age-encryption.org/v1) to a public key (`age1…`). */
export async function encrypt(source: Readable, recipient: string): Promise<Readable> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw new DrillError({
      code: 'configuration',
      what: 'the backup cannot be encrypted',
      expected: 'an age public key (age1…) as recipient',
      actual: messageOf(cause),
      cause,
    });
  }
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(source)));
}

/**
 * Decrypts `source` with an age secret key (`AGE-SECRET-KEY-1…`). Throws `decryption-failed` for a key that does not
 * fit and `backup-invalid` for what is no age file; data that was altered or cut short fails the stream.
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
  try {
    return Readable.fromWeb(await decrypter.decrypt(Readable.toWeb(source)));
  } catch (cause) {
    source.destroy();
    throw headerError(cause, where);
  }
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
