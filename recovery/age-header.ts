import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  randomBytes,
  timingSafeEqual,
  type KeyObject,
} from 'node:crypto';
import { Decrypter, Encrypter, type Recipient } from 'age-encryption';
import { derivedKey } from './derived-key.ts';
import { recipientError } from './recipient-error.ts';

/** What a new file begins with, and the key that it is sealed with: each file has its own, as the format asks. */
export interface FileHeader {
  header: Buffer;
  fileKey: Uint8Array;
}

/** An age public key, read once, for many files. */
export interface OpenRecipient {
  headerBytes: number;
  newHeader(): Promise<FileHeader>;
}

/** An age secret key, read once, for many files. */
export interface OpenIdentity {
  /** The key of the file with this header. Throws when no recipient of it fits, or the header was altered. */
  fileKeyOf(header: Buffer): Promise<Uint8Array>;
}

/**
 * Reads an age public key (`age1…`). Throws `configuration` for what is none. For keys of X25519, the usual ones, the
 * header is made by Node's own cryptography, which takes a fifth of the library's time: with small objects, each of
 * which is a file, that is most of what encryption costs. The library makes the headers for every other kind.
 * (age-encryption.org/v1, "Header" and "The X25519 recipient type")
 */
export async function openRecipient(recipient: string): Promise<OpenRecipient> {
  const first = await headerByLibrary(recipient);
  const headerBytes = first.header.length;
  const isX25519 = first.header.subarray(intro.length).toString('latin1').startsWith(stanzaStart);
  if (!isX25519) return { headerBytes, newHeader: () => headerByLibrary(recipient) };
  const theirs = keyBytes(recipient);
  const theirKey = createPublicKey({ key: Buffer.concat([spkiPrefix, theirs]), format: 'der', type: 'spki' });
  return { headerBytes, newHeader: () => Promise.resolve(x25519Header(theirs, theirKey)) };
}

/** Reads an age secret key (`AGE-SECRET-KEY-1…`). Throws for what is none; the message may quote it. */
export function openIdentity(identity: string): OpenIdentity {
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const byLibrary = { fileKeyOf: (header: Buffer) => decrypter.decryptHeader(header) };
  if (!identity.startsWith('AGE-SECRET-KEY-1')) return byLibrary;
  const key = Buffer.concat([pkcs8Prefix, keyBytes(identity)]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const ours = rawPublicKey(createPublicKey(privateKey));
  return {
    // A header of more than one recipient, or of another kind, is the library's.
    fileKeyOf: async (header) => x25519FileKey(header, privateKey, ours) ?? byLibrary.fileKeyOf(header),
  };
}

const intro = 'age-encryption.org/v1\n';
const stanzaStart = '-> X25519 ';
const x25519Info = 'age-encryption.org/v1/X25519';
/** What stands before the 32 bytes of an X25519 key in its two encodings (RFC 8410). */
const spkiPrefix = Buffer.from('302a300506032b656e032100', 'hex');
const pkcs8Prefix = Buffer.from('302e020100300506032b656e04220420', 'hex');
/** The whole header for one X25519 recipient: 32 bytes are 43 digits of base64. */
const x25519Form =
  /^(age-encryption\.org\/v1\n-> X25519 ([A-Za-z0-9+/]{43})\n([A-Za-z0-9+/]{43})\n---) ([A-Za-z0-9+/]{43})\n$/;

function x25519Header(theirs: Buffer, theirKey: KeyObject): FileHeader {
  const fileKey = randomBytes(16);
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const share = rawPublicKey(publicKey);
  const cipher = createCipheriv(
    'chacha20-poly1305',
    wrapKey(diffieHellman({ privateKey, publicKey: theirKey }), share, theirs),
    Buffer.alloc(12),
    { authTagLength: 16 },
  );
  const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()]);
  const text = `${intro}${stanzaStart}${base64(share)}\n${base64(body)}\n---`;
  return { header: Buffer.from(`${text} ${base64(authenticationCode(fileKey, text))}\n`), fileKey };
}

/** Nothing for a header of another form, or one that this key does not open: then the library says what is wrong. */
function x25519FileKey(header: Buffer, privateKey: KeyObject, ours: Buffer): Uint8Array | undefined {
  const [, text, share64, body64, code64] = x25519Form.exec(header.toString('latin1')) ?? [];
  if (text === undefined || share64 === undefined || body64 === undefined || code64 === undefined) return undefined;
  const [share, body] = [Buffer.from(share64, 'base64'), Buffer.from(body64, 'base64')];
  try {
    const publicKey = createPublicKey({ key: Buffer.concat([spkiPrefix, share]), format: 'der', type: 'spki' });
    const key = wrapKey(diffieHellman({ privateKey, publicKey }), share, ours);
    const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 });
    decipher.setAuthTag(body.subarray(16));
    const fileKey = Buffer.concat([decipher.update(body.subarray(0, 16)), decipher.final()]);
    const whole = timingSafeEqual(authenticationCode(fileKey, text), Buffer.from(code64, 'base64'));
    return whole ? fileKey : undefined;
  } catch {
    return undefined;
  }
}

/** The library tells nobody the key of a file that it makes, but for its recipients: a silent one listens. */
async function headerByLibrary(recipient: string): Promise<FileHeader> {
  const encrypter = new Encrypter();
  let fileKey = new Uint8Array();
  const listener: Recipient = {
    wrapFileKey: (key) => {
      fileKey = key.slice();
      return [];
    },
  };
  try {
    encrypter.addRecipient(recipient);
    encrypter.addRecipient(listener);
    const empty = Buffer.from(await encrypter.encrypt(''));
    // Behind the header: a nonce, and the tag of a chunk without content.
    return { header: empty.subarray(0, empty.length - 16 - 16), fileKey };
  } catch (cause) {
    throw recipientError(cause);
  }
}

function wrapKey(shared: Buffer, share: Buffer, theirs: Buffer): KeyObject {
  return derivedKey(shared, Buffer.concat([share, theirs]), x25519Info);
}

function authenticationCode(fileKey: Uint8Array, text: string): Buffer {
  return createHmac('sha256', derivedKey(fileKey, noSalt, 'header'))
    .update(text, 'latin1')
    .digest();
}

const noSalt = Buffer.alloc(0);

function rawPublicKey(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(spkiPrefix.length);
}

/** The format's base64 has no padding. */
function base64(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

const bech32Digits = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l';

/** The 32 bytes of a key that the library has accepted: its checksum, the last six digits, is right. */
function keyBytes(key: string): Buffer {
  const digits = key.toLowerCase().slice(key.lastIndexOf('1') + 1, -6);
  const bits = Array.from(digits, (digit) => bech32Digits.indexOf(digit).toString(2).padStart(5, '0')).join('');
  return Buffer.from(Array.from({ length: 32 }, (_, at) => Number.parseInt(bits.slice(at * 8, at * 8 + 8), 2)));
}
