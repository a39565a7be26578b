import { readdir } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DrillError } from '../../domain/drill-error.ts';
import type { DatabaseContent, RestorePoint } from '../../domain/recovery.ts';
import type { SearchBackupKind } from '../../domain/search-backup.ts';
import type { PostgresServer } from '../../domain/service.ts';
import { observeSearch } from '../../recovery/search-state.ts';
import { implementationsOf } from '../../stack/implementations.ts';
import { findPostgresPrograms } from '../../stack/native/postgres-programs.ts';
import { searchPlaces, startNativeSearch } from '../../stack/native/search.ts';
import { standInOf } from '../../stack/native/store-program.ts';
import { contentOf, createBackupBench, sql, type BackupBench } from './backup-support.ts';
import { noMount, smallFolder } from './machine-support.ts';
import { large, ObjectsBench, targetOf } from './objects-backup-support.ts';
import { createSearchBench, fillSearch, type SearchBench } from './search-backup-support.ts';

const programs = await findPostgresPrograms();
const noPostgres = ('missing' in programs ? ` (skipped: ${programs.missing})` : '') || noMount;

const mebibyte = 1024 ** 2;

/** The one error of a restore: which store is too small, for what, and none of the secrets. */
async function refused(restoring: Promise<unknown>, secrets: readonly string[]): Promise<DrillError> {
  const error: unknown = await restoring.then(
    () => 'restored',
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(DrillError);
  const refusal = error as DrillError;
  expect(refusal.code).toBe('restore-failed');
  expect(refusal.facts.actual).toMatch(/no space left|disk is full|minimum free drive/i);
  expect(refusal.facts.expected).toMatch(/^room for /);
  for (const secret of secrets) expect(refusal.message).not.toContain(secret);
  return refusal;
}

describe.skipIf(noPostgres !== '')(`a restore into a database server whose disk is too small${noPostgres}`, () => {
  let bench: BackupBench;
  let point: RestorePoint;
  let before: DatabaseContent;

  beforeAll(async () => {
    bench = await createBackupBench('vault');
    await sql(
      bench.source,
      `CREATE EXTENSION pgcrypto; CREATE ROLE keeper LOGIN PASSWORD 'vault-keeper';
       CREATE TABLE public.small AS SELECT i FROM generate_series(1, 100) AS i;
       CREATE TABLE public.bulk AS SELECT i, gen_random_bytes(1024) AS noise FROM generate_series(1, 40 * 1024) AS i;`,
    );
    before = await contentOf(bench.source);
    point = await bench.backup();
  });
  afterAll(async () => bench?.[Symbol.asyncDispose]());

  async function serverWith(freeBytes: number): Promise<PostgresServer> {
    const server = await bench.server('small');
    await server.stop();
    await server.disk?.confine(freeBytes);
    await server.start();
    return server;
  }

  const restoreInto = async (target: PostgresServer): Promise<DrillError> => {
    const error = await refused(bench.restore(point, target), [bench.identity, target.connection.password]);
    expect(error.message).toMatch(
      /^the disk of the database server is too small for the backup: expected room for 41,060/,
    );
    expect(error.facts.where).toBe(`postgres, database vault at 127.0.0.1:${target.connection.port}`);
    expect(await contentOf(bench.source), 'what was there before is as it was').toEqual(before);
    return error;
  };

  it('leaves its database empty, and restores into it once there is room', async () => {
    const target = await serverWith(2 * mebibyte);
    const error = await restoreInto(target);
    expect(error.facts.hint).toMatch(/its database is empty as before/);
    const relations = `SELECT c.oid FROM pg_class c WHERE relnamespace = 'public'::regnamespace`;
    expect(await sql(target, relations)).toEqual([]);
    expect(await sql(target, `SELECT rolname FROM pg_roles WHERE rolname = 'keeper'`)).toEqual([]);
    await target.stop();
    await target.disk?.release();
    await target.start();
    await bench.restore(point, target);
    expect(await contentOf(target)).toEqual(before);
  });

  it('removes a server that ends because its log has no room', async () => {
    const target = await serverWith(24 * mebibyte);
    const error = await restoreInto(target);
    expect(error.facts.hint).toMatch(/the server could not empty its database and was removed with its data/);
    expect([await target.isRunning(), await target.dataExists()]).toEqual([false, false]);
  });
});

describe('a restore into an object store whose disk is too small', async () => {
  for (const implementation of await implementationsOf('objects')) {
    const { name, missing } = implementation;
    if (name.includes('container')) continue;
    const why = (missing === undefined ? '' : ` (skipped: ${missing})`) || noMount;
    it.skipIf(why !== '')(`${name}: removes what was written, and touches nothing else${why}`, async () => {
      const bench = new ObjectsBench(() => implementation.start());
      await bench.open();
      try {
        await bench.fill();
        for (const key of ['large', 'larger', 'largest']) {
          await bench.client.putObject(bench.bucket, key, Buffer.concat([large, Buffer.from(key)]));
        }
        const point = await bench.backup();
        const before = await bench.writtenTo(bench.bucket);
        const stored = await bench.keysOf(bench.backups);
        await bench.store.stop();
        await bench.store.disk?.confine(48 * mebibyte);
        await bench.store.start();
        const { accessKey, secretKey, port } = bench.store.access;
        const error = await refused(bench.restore(point), [accessKey, secretKey, bench.identity]);
        expect(error.message).toMatch(
          /^the disk of the object store is too small for the backup: expected room for 6 objects of 60 MB/,
        );
        expect(error.facts).toMatchObject({ service: 'objects', where: `objects at 127.0.0.1:${port}` });
        expect(error.facts.hint).toMatch(/was removed again/);
        for (const bucket of [bench.bucket, bench.other]) {
          expect(await bench.client.bucketExists(targetOf(bucket))).toBe(false);
        }
        expect(await bench.writtenTo(bench.bucket), 'the former objects are as they were').toEqual(before);
        expect(await bench.keysOf(bench.backups)).toEqual(stored);
        await bench.store.stop();
        await bench.store.disk?.release();
        await bench.store.start();
        expect(await bench.restore(point)).toMatchObject({ objects: 6 });
      } finally {
        await bench.close();
      }
    });
  }
});

describe.skipIf(noMount !== '')(`a restore of a search server without room${noMount}`, () => {
  let bench: SearchBench;
  beforeAll(async () => {
    bench = await createSearchBench('native');
  });
  afterAll(async () => bench?.[Symbol.asyncDispose]());

  it.for<SearchBackupKind>(['dump', 'snapshot'])(
    'from a %s leaves no new server, and the former as it was',
    async (kind) => {
      await using source = await bench.search('source');
      await fillSearch(source);
      const before = await observeSearch(source.access);
      const { masterKey } = source.access;
      const point = await bench.backup(source, kind);
      await using small = await smallFolder(mebibyte / 4);
      const run = { ...bench.run, makeFolder: async () => small.path };
      const provision = {
        search: (role: string, start = {}) =>
          startNativeSearch(run, role, { ...start, program: standInOf(searchPlaces) }),
      };
      const files = await readdir(bench.run.folder);
      const error = await refused(bench.restore(point, masterKey, { provision }), [masterKey, bench.identity]);
      expect(error.message).toMatch(
        /^the disk of the new search server is too small for the backup: expected room for 1,500 documents in 2 indexes/,
      );
      expect(error.facts).toMatchObject({ service: 'search', where: 'search (recovered)' });
      expect(await readdir(small.path), 'no half an import').toEqual([]);
      const left = (await readdir(bench.run.folder)).filter((name) => !files.includes(name) && !name.endsWith('.log'));
      expect(left, 'no file that was fetched').toEqual([]);
      expect(await observeSearch(source.access)).toEqual(before);
    },
  );

  it('on the machine that fetches it: no file is left, and no server started', async () => {
    await using source = await bench.search('source');
    await fillSearch(source);
    const point = await bench.backup(source, 'dump');
    await using small = await smallFolder(8 * 1024);
    const started = bench.servers.length;
    const restoring = bench.restore(point, source.access.masterKey, { folder: small.path });
    const error = await refused(restoring, [source.access.masterKey, bench.identity]);
    expect(error.message).toMatch(/^this machine has no room to fetch the backup of the search server/);
    expect(error.facts.where).toContain(small.path);
    expect(await readdir(small.path)).toEqual([]);
    expect(bench.servers.length).toBe(started);
  });
});
