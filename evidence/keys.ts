import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DrillError } from '../domain/drill-error.ts';
import { keyIdOf, readPublicKey, type Signer } from './signer.ts';

/** A public key of the folder, and whether its private one is still there. */
export interface KnownKey {
  keyId: string;
  pem: string;
  publicKey: KeyObject;
  canSign: boolean;
}

const publicFile = (folder: string, keyId: string): string => join(folder, `${keyId.slice(0, 16)}.pem`);
const privateFile = (folder: string, keyId: string): string => join(folder, `${keyId.slice(0, 16)}.private.pem`);

/** Makes a key: the private one readable by its owner alone (0600), neither file ever over another one. */
export async function makeKey(folder: string): Promise<{ signer: Signer; pem: string }> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keyId = keyIdOf(publicKey);
  const pem = publicPemOf(publicKey);
  await writeNew(privateFile(folder, keyId), privatePemOf(privateKey), 0o600);
  await writeNew(publicFile(folder, keyId), pem, 0o644);
  return { signer: { keyId, privateKey }, pem };
}

/**
 * Puts a private key that is kept elsewhere (PEM) into the folder, in place of whatever private key has its id there,
 * and its public one beside it. Gives its id. A `DrillError` (`configuration`), which quotes nothing of the text, when
 * it is no private Ed25519 key.
 */
export async function putPrivateKey(folder: string, pem: string): Promise<string> {
  const privateKey = readPrivateKey(pem);
  const publicKey = createPublicKey(privateKey);
  const keyId = keyIdOf(publicKey);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removePrivateKey(folder, keyId);
  await writeNew(privateFile(folder, keyId), privatePemOf(privateKey), 0o600);
  await writeFile(publicFile(folder, keyId), publicPemOf(publicKey), { mode: 0o644 });
  return keyId;
}

/** The key that signs. A `DrillError` (`configuration`) when it is missing, another one, or can be read by others. */
export async function loadSigner(folder: string, keyId: string): Promise<Signer> {
  const file = privateFile(folder, keyId);
  const facts = { code: 'configuration', what: 'the ledger cannot be signed', where: file } as const;
  const pem = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new DrillError({
      ...facts,
      expected: `the private key ${keyId.slice(0, 16)}`,
      actual: 'no such file',
      hint: 'Put the key back from where it is kept; a ledger cannot be continued without it.',
      cause,
    });
  });
  const mode = (await stat(file)).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new DrillError({ ...facts, expected: 'a private key of mode 600', actual: `mode ${mode.toString(8)}` });
  }
  const privateKey = createPrivateKey(pem);
  const actual = keyIdOf(createPublicKey(privateKey));
  if (actual !== keyId) throw new DrillError({ ...facts, expected: `the key ${keyId}`, actual: `the key ${actual}` });
  return { keyId, privateKey };
}

/** All public keys of the folder, those whose private key is gone too: they verify what was signed with it. */
export async function knownKeys(folder: string): Promise<KnownKey[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [] as string[];
    throw error;
  });
  const publicNames = names.filter((name) => name.endsWith('.pem') && !name.endsWith('.private.pem')).toSorted();
  return Promise.all(
    publicNames.map(async (name) => {
      const file = join(folder, name);
      const pem = await readFile(file, 'utf8');
      const publicKey = readPublicKey(pem, file);
      const canSign = names.includes(name.replace(/\.pem$/, '.private.pem'));
      return { keyId: keyIdOf(publicKey), pem, publicKey, canSign };
    }),
  );
}

/** Removes a private key; its public one stays. */
export async function removePrivateKey(folder: string, keyId: string): Promise<void> {
  await rm(privateFile(folder, keyId), { force: true });
}

function readPrivateKey(pem: string): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = createPrivateKey(pem);
  } catch {
    // Not a key at all: told below. The error of the library might quote the text.
  }
  if (key?.asymmetricKeyType === 'ed25519') return key;
  throw new DrillError({
    code: 'configuration',
    what: 'the key cannot be used',
    expected: 'a private Ed25519 key in PEM',
    actual: key ? `a key of type ${key.asymmetricKeyType ?? 'unknown'}` : 'something else',
  });
}

function privatePemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function publicPemOf(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}

async function writeNew(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
