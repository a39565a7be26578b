import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { DrillError } from '../domain/drill-error.ts';

/** A private key and the id of its public one. */
export interface Signer {
  keyId: string;
  privateKey: KeyObject;
}

/** sha256 of the public key in DER (SubjectPublicKeyInfo): `openssl pkey -pubin -outform DER | sha256sum` gives the same. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** Reads a public Ed25519 key in PEM; a `DrillError` (`configuration`) when it is none. */
export function readPublicKey(pem: string, where: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPublicKey(pem);
  } catch {
    // Not a key at all: told below, as a key of another kind is.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new DrillError({
    code: 'configuration',
    what: 'the key cannot be used',
    expected: 'a public Ed25519 key in PEM',
    actual: key ? `a key of type ${key.asymmetricKeyType ?? 'unknown'}` : 'something else',
    where,
  });
}

/** The signature of some bytes: Ed25519 over the bytes themselves (RFC 8032), 64 bytes. */
export function signBytes({ privateKey }: Signer, data: Uint8Array): Buffer {
  return sign(undefined, data, privateKey);
}

/** Whether a signature is that of the key over these bytes. */
export function isSignedBy(publicKey: KeyObject, data: Uint8Array, signature: Uint8Array): boolean {
  return verify(undefined, data, publicKey, signature);
}
