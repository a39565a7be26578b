import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';

/**
 * A key of 32 bytes by HKDF-SHA-256 (RFC 5869), which the age format derives all its keys with. Keys go as key objects:
 * Node takes three times as long to begin a cipher or a code with the bare bytes of one.
 */
export function derivedKey(secret: Uint8Array, salt: Uint8Array, info: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', createSecretKey(secret), salt, info, 32)));
}
