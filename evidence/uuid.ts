import { createHash } from 'node:crypto';

/** The namespace of names that are URLs (RFC 9562, section 6.6). */
const urlNamespace = '6ba7b811-9dad-11d1-80b4-00c04fd430c8';

/** A UUID that follows from a name (version 5, RFC 9562, section 5.5): the same name always gets the same one. */
export function uuidOf(name: string, namespace: string = urlNamespace): string {
  const hash = createHash('sha1')
    .update(Buffer.from(namespace.replaceAll('-', ''), 'hex'))
    .update(name)
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex').slice(0, 32);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
