import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseEngine } from '../choose-engine.ts';
import { detect } from '../detect.ts';
import { versionedFolders } from './find-program.ts';
import { objectsPlaces } from './objects.ts';
import { findPostgresPrograms } from './postgres-programs.ts';
import { chooseStoreProgram, findStoreBinary } from './store-program.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'programs-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

async function program(path: string, text = 'exit 0'): Promise<string> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return path;
}

async function installation(path: string, version: string): Promise<string> {
  for (const name of ['initdb', 'pg_dump', 'pg_dumpall', 'pg_restore', 'psql']) await program(join(path, name));
  await program(join(path, 'postgres'), `echo "postgres (PostgreSQL) ${version} (Test)"`);
  return path;
}

describe('PostgreSQL', () => {
  it('is taken from the configured folder, or from the folder of a configured program', async () => {
    const path = await installation(join(folder, 'bin'), '99.1');
    vi.stubEnv('FIREDRILL_POSTGRES_BIN', path);
    expect(await findPostgresPrograms()).toEqual({ folder: path, version: '99.1' });
    vi.stubEnv('FIREDRILL_POSTGRES_BIN', join(path, 'postgres'));
    expect(await findPostgresPrograms()).toEqual({ folder: path, version: '99.1' });
  });

  it('is taken from nowhere else when a configured folder cannot be used, and the reason is said', async () => {
    vi.stubEnv('FIREDRILL_POSTGRES_BIN', '/nowhere');
    expect(await findPostgresPrograms()).toEqual({
      missing: 'FIREDRILL_POSTGRES_BIN: /nowhere has none of the programs of PostgreSQL',
    });
    const path = await installation(join(folder, 'bin'), '99.1');
    await rm(join(path, 'pg_restore'));
    vi.stubEnv('FIREDRILL_POSTGRES_BIN', path);
    expect(await findPostgresPrograms()).toEqual({ missing: `FIREDRILL_POSTGRES_BIN: ${path} lacks pg_restore` });
    await program(join(path, 'pg_restore'));
    await program(join(path, 'postgres'), 'exit 1');
    expect(await findPostgresPrograms()).toEqual({
      missing: `FIREDRILL_POSTGRES_BIN: ${join(path, 'postgres')} does not run on this machine`,
    });
    await expect(chooseEngine('native')).rejects.toMatchObject({
      code: 'engine-missing',
      message: expect.stringMatching(/expected PostgreSQL on this machine[^]*apt-get install postgresql/),
    });
    const { parts, engines } = await detect();
    expect(engines).not.toContain('native');
    expect(parts.find(({ name }) => name === 'PostgreSQL')).toMatchObject({
      found: false,
      missing: expect.stringMatching(/does not run on this machine\. Drills cannot run on local processes.*Install/),
    });
  });

  it('is taken from PATH before the usual folders, the server and its tools together', async () => {
    const path = await installation(join(folder, 'bin'), '98.7');
    const half = join(folder, 'half');
    await program(join(half, 'psql'));
    vi.stubEnv('FIREDRILL_POSTGRES_BIN', '');
    vi.stubEnv('PATH', `${half}:${path}:${process.env['PATH']}`);
    expect(await findPostgresPrograms()).toEqual({ folder: path, version: '98.7' });
  });
});

it('puts the newest version first, by number', async () => {
  for (const name of ['9', '15', '17', 'other']) await mkdir(join(folder, name));
  const names = (await versionedFolders(folder, /^\d+$/)).map((path) => path.slice(folder.length + 1));
  expect(names).toEqual(['17', '15', '9']);
  expect(await versionedFolders(join(folder, 'none'), /./)).toEqual([]);
});

describe('the program of a store', () => {
  beforeEach(() => {
    vi.stubEnv('FIREDRILL_MINIO_BIN', '');
    vi.stubEnv('FIREDRILL_OBJECTS', '');
    vi.stubEnv('PATH', folder);
  });

  it('is the configured one, then the one on PATH, then the stand-in', async () => {
    expect(await chooseStoreProgram(objectsPlaces)).toMatchObject({ kind: 'stand-in', file: process.execPath });
    const onPath = await program(join(folder, 'minio'));
    expect(await chooseStoreProgram(objectsPlaces)).toEqual({ kind: 'binary', file: onPath });
    const configured = await program(join(folder, 'other', 'minio'));
    vi.stubEnv('FIREDRILL_MINIO_BIN', configured);
    expect(await chooseStoreProgram(objectsPlaces)).toEqual({ kind: 'binary', file: configured });
    vi.stubEnv('FIREDRILL_OBJECTS', 'stand-in');
    expect(await chooseStoreProgram(objectsPlaces)).toMatchObject({ kind: 'stand-in' });
  });

  it('is not replaced in silence when the configured one cannot be used', async () => {
    await program(join(folder, 'minio'));
    const plain = join(folder, 'plain');
    await writeFile(plain, 'text');
    for (const unusable of ['/nowhere/minio', plain, folder]) {
      vi.stubEnv('FIREDRILL_MINIO_BIN', unusable);
      await expect(findStoreBinary(objectsPlaces)).rejects.toMatchObject({
        code: 'configuration',
        message: expect.stringContaining(`FIREDRILL_MINIO_BIN names no program: expected`),
      });
    }
    vi.stubEnv('FIREDRILL_OBJECTS', 'standin');
    await expect(chooseStoreProgram(objectsPlaces)).rejects.toThrow('expected "stand-in", or nothing');
  });
});

it('doctor says of everything that is missing what that means and how to get it', async () => {
  vi.stubEnv('PATH', folder);
  vi.stubEnv('FIREDRILL_MINIO_BIN', '');
  await program(join(folder, 'xz'), 'echo "xz (XZ Utils) 5.9.9"');
  const { parts, canDrill, engines, conclusion } = await detect();
  const part = (name: string): unknown => parts.find((found) => found.name === name);
  expect(part('Node.js')).toMatchObject({ found: true, version: process.versions.node });
  expect(part('xz')).toEqual({ name: 'xz', found: true, where: join(folder, 'xz'), version: '5.9.9' });
  expect(part('MinIO')).toEqual({
    name: 'MinIO',
    found: false,
    missing:
      'There is no minio on PATH. On local processes the built-in stand-in takes its place, and the report says so. Put minio on PATH, or set FIREDRILL_MINIO_BIN to its path.',
  });
  expect(part('age')).toMatchObject({ found: false, missing: expect.stringContaining('apt-get install age') });
  expect(parts.filter(({ found, missing }) => found === (missing !== undefined))).toEqual([]);
  expect(canDrill).toBe(engines.length > 0);
  expect(conclusion).toMatch(canDrill ? /^Drills run on / : /^No drill can run here/);
});
