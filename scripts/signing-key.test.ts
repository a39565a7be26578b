import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from '../programs/execa.ts';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../evidence/ledger.test-data.ts';
import { knownKeys } from '../evidence/keys.ts';
import { keyIdOf } from '../evidence/signer.ts';

const script = fileURLToPath(new URL('signing-key.ts', import.meta.url));
const play = (key: string, ...args: string[]) =>
  execa(process.execPath, [script, ...args], { env: { FIREDRILL_SIGNING_KEY: key }, reject: false, all: true });
const pemOf = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

test('the key is put where the ledger looks for it, for its owner alone, and leaves nothing that can sign', async () => {
  await using folder = await temporaryFolder();
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const keys = join(folder.path, 'keys');
  const known = { keyId: keyIdOf(publicKey), canSign: true };
  for (const _again of [1, 2]) {
    const { exitCode, all } = await play(pemOf(privateKey), 'put', folder.path);
    expect(exitCode, all).toBe(0);
    expect(await knownKeys(keys)).toMatchObject([known]);
  }
  const file = join(keys, `${known.keyId.slice(0, 16)}.private.pem`);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  await play(pemOf(privateKey), 'remove', folder.path);
  expect(await knownKeys(keys)).toMatchObject([{ ...known, canSign: false }]);
});

test('without a key nothing is done, and it is said what that means', async () => {
  await using folder = await temporaryFolder();
  for (const action of ['put', 'remove']) {
    const { exitCode, all } = await play('', action, folder.path);
    expect(exitCode).toBe(0);
    expect(all).toContain('FIREDRILL_SIGNING_KEY is not set');
  }
  expect(await readdir(folder.path)).toEqual([]);
});

test('what is no such key is refused, and not quoted', async () => {
  await using folder = await temporaryFolder();
  const rsa = pemOf(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
  for (const key of ['my secret', rsa]) {
    const { exitCode, all } = await play(key, 'put', folder.path);
    expect(exitCode).toBe(3);
    expect(all).toContain('expected a private Ed25519 key in PEM');
    expect(all).not.toContain(key.split('\n').at(-2) ?? key);
  }
});

test('wrong usage', async () => {
  expect((await play('', 'take', 'ledger')).exitCode).toBe(3);
  expect((await play('', 'put')).all).toContain('usage: ');
});
