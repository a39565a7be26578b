import { createPublicKey } from 'node:crypto';
import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEnvelope, preAuthenticationEncoding, sealEnvelope } from './dsse.ts';
import { knownKeys, loadSigner, makeKey, removePrivateKey } from './keys.ts';
import { Ledger } from './ledger.ts';
import { temporaryFolder } from './ledger.test-data.ts';
import { readPublicKey } from './signer.ts';
import { uuidOf } from './uuid.ts';

test('the example of the DSSE protocol', () => {
  const encoded = preAuthenticationEncoding('http://example.com/HelloWorld', Buffer.from('hello world'));
  expect(encoded.toString()).toBe('DSSEv1 29 http://example.com/HelloWorld 11 hello world');
});

test('an envelope gives its payload to its key alone', async () => {
  await using folder = await temporaryFolder();
  const { signer } = await makeKey(folder.path);
  const other = (await makeKey(folder.path)).signer;
  const key = createPublicKey(signer.privateKey);
  const envelope = sealEnvelope('text/x', Buffer.from('ä'), signer);
  expect(openEnvelope(envelope, signer.keyId, key)).toEqual({ payload: Buffer.from('ä') });
  expect(openEnvelope(envelope, signer.keyId, createPublicKey(other.privateKey))).toEqual({
    mistake: 'its signature is wrong',
  });
  expect(openEnvelope(envelope.replace('text/x', 'text/y'), signer.keyId, key)).toHaveProperty('mistake');
  expect(openEnvelope(` ${envelope}`, signer.keyId, key)).toHaveProperty('mistake');
  expect(openEnvelope('', signer.keyId, key)).toHaveProperty('mistake');
});

test('a UUID of version 5 is the one of RFC 9562', () => {
  expect(uuidOf('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')).toBe(
    '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  );
});

test('a private key is readable by its owner alone, and is refused when it is not', async () => {
  await using folder = await temporaryFolder();
  const { signer } = await makeKey(folder.path);
  const file = join(folder.path, `${signer.keyId.slice(0, 16)}.private.pem`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await chmod(file, 0o644);
  await expect(loadSigner(folder.path, signer.keyId)).rejects.toThrow('mode 644');
  await removePrivateKey(folder.path, signer.keyId);
  await expect(loadSigner(folder.path, signer.keyId)).rejects.toThrow('no such file');
  expect(await knownKeys(folder.path)).toMatchObject([{ keyId: signer.keyId, canSign: false }]);
});

test('keys are made once, and never over others', async () => {
  await using folder = await temporaryFolder();
  const ledger = new Ledger(folder.path);
  const { keyId } = await ledger.init();
  await expect(ledger.init()).rejects.toThrow('there are keys or a ledger already');
  const rotated = await ledger.rotate();
  expect(rotated.keyId).toBe(keyId);
  const keys = await knownKeys(ledger.paths.keys);
  expect(keys.map(({ keyId, canSign }) => ({ keyId, canSign }))).toEqual(
    expect.arrayContaining([
      { keyId, canSign: false },
      { keyId: rotated.nextKeyId, canSign: true },
    ]),
  );
});

test('a run goes on with a key that was put there before', async () => {
  await using folder = await temporaryFolder();
  const { signer } = await makeKey(join(folder.path, 'keys'));
  await new Ledger(folder.path).rotate();
  expect((await knownKeys(join(folder.path, 'keys'))).map(({ keyId }) => keyId)).toContain(signer.keyId);
});

test('a key of another kind is told', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'x.pem');
  await writeFile(file, 'x');
  expect(() => readPublicKey('x', file)).toThrow('expected a public Ed25519 key in PEM, actual something else');
});
