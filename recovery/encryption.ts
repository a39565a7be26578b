import { Readable } from 'node:stream';
import { Encrypter } from 'age-encryption';
import { recipientError } from './recipient-error.ts';

/** Encrypts `source` in the age format (age-encryption.org/v1) to a public key (`age1…`). */
export async function encrypt(source: Readable, recipient: string): Promise<Readable> {
  const encrypter = new Encrypter();
  try {
    encrypter.addRecipient(recipient);
  } catch (cause) {
    throw recipientError(cause);
  }
  return Readable.fromWeb(await encrypter.encrypt(Readable.toWeb(source)));
}
