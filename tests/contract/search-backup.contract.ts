import { readdir } from 'node:fs/promises';
import { generateX25519Identity } from 'age-encryption';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeSearchRestored } from '../../checks/search-backup.ts';
import type { SearchRestorePoint } from '../../domain/search-backup.ts';
import type { EngineName, SearchServer } from '../../domain/service.ts';
import { searchGarbageAtRest } from '../../faults/search-garbage-at-rest.ts';
import { searchGarbage } from '../../faults/search-garbage.ts';
import { latestSearchRestorePoint, listSearchRestorePoints } from '../../recovery/search-restore-points.ts';
import { verifySearchBackup } from '../../recovery/search-verify.ts';
import { searchClient } from '../../stack/clients.ts';
import { describeContainers } from './containers-support.ts';
import {
  bucket,
  createSearchBench,
  fillSearch,
  stackOf,
  withChangedFile,
  withMetadata,
  type SearchBench,
} from './search-backup-support.ts';

describe('backup and restore of a search server, against the built-in stand-in for Meilisearch', () =>
  searchBackupContract('native'));
await describeContainers('backup and restore of a search server in a container', () =>
  searchBackupContract('containers'),
);

function searchBackupContract(engine: EngineName): void {
  let bench: SearchBench;
  let source: SearchServer;
  let dump: SearchRestorePoint;
  let snapshot: SearchRestorePoint;

  beforeAll(async () => {
    bench = await createSearchBench(engine);
    source = await bench.search('source');
    await fillSearch(source);
    dump = await bench.backup(source, 'dump');
    snapshot = await bench.backup(source, 'snapshot', { setId: 'set-7' });
  });
  afterAll(async () => bench?.[Symbol.asyncDispose]());

  /** Fails as told, and leaves neither a server that runs nor a file in the folder of the run. */
  async function refused(
    point: SearchRestorePoint,
    code: string,
    message: RegExp,
    options: { masterKey?: string; identity?: string; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { masterKey = source.access.masterKey, ...others } = options;
    const restored = bench.restore(point, masterKey, others);
    await expect(restored).rejects.toMatchObject({ name: 'DrillError', code, message: expect.stringMatching(message) });
    for (const server of bench.servers) if (server !== source) expect(await server.isRunning()).toBe(false);
    expect((await readdir(bench.run.folder)).filter((name) => name.startsWith('search-restore'))).toEqual([]);
  }

  it.each(['dump', 'snapshot'] as const)(
    'a %s brings documents, settings and the secrets of keys back',
    async (kind) => {
      const recovery = await bench.restore(kind === 'dump' ? dump : snapshot, source.access.masterKey);
      await using server = recovery.server;
      expect(judgeSearchRestored(recovery.expected, recovery.actual).map(({ verdict }) => verdict)).toEqual(
        Array.from({ length: 3 }, () => 'pass'),
      );
      const [old, fresh] = [searchClient(source.access), searchClient(server.access)];
      expect((await fresh.getKeys()).results).toEqual((await old.getKeys()).results);
      expect(await fresh.index('things').getSettings()).toEqual(await old.index('things').getSettings());
      const page = { limit: 2_000 };
      const { results } = await fresh.index('things').getDocuments(page);
      expect(results).toEqual((await old.index('things').getDocuments(page)).results);
      expect(results).toHaveLength(1_500);
      // A later start imports no more: neither over what is there, nor into what is to be empty.
      await server.kill();
      await server.start();
      expect((await fresh.index('things').getStats()).numberOfDocuments).toBe(1_500);
      await server.kill();
      await server.deleteData();
      await server.start();
      expect((await fresh.getStats()).indexes).toEqual({});
    },
  );

  it('the manifest says what is in it, and holds no secret', async () => {
    const text = JSON.stringify(dump.manifest);
    expect(dump.manifest.state.indexes['things']).toMatchObject({ documents: 1_500, primaryKey: 'id' });
    expect(dump.manifest.state.keys.map(({ name }) => name)).toContain('shop window');
    expect(snapshot.manifest.state).toEqual(dump.manifest.state);
    for (const { key } of (await searchClient(source.access).getKeys()).results) expect(text).not.toContain(key);
    expect(text).not.toContain(source.access.masterKey);
    const location = { store: bench.access, bucket };
    expect((await latestSearchRestorePoint(location)).manifest).toEqual(snapshot.manifest);
    expect([dump, snapshot].map(({ manifest }) => manifest.setId)).toEqual([undefined, 'set-7']);
    expect(await latestSearchRestorePoint({ ...location, kind: 'dump' })).toEqual(dump);
  });

  it('what is not restorable is not listed as such', async () => {
    const prefix = 'listed/';
    const location = { store: bench.access, bucket, prefix };
    await expect(latestSearchRestorePoint(location)).rejects.toMatchObject({ code: 'backup-missing' });
    const { manifest } = await bench.backup(source, 'dump', { prefix });
    await bench.objects.removeObject(bucket, manifest.file.key);
    await bench.objects.putObject(bucket, `${prefix}x.manifest.json`, '{"schemaVersion": 1');
    const { restorePoints, rejected } = await listSearchRestorePoints(location);
    expect(restorePoints).toEqual([]);
    expect(rejected.map(({ reason }) => reason).sort()).toEqual([`${manifest.file.key} is missing`, 'not JSON']);
  });

  it('is verified by reading it whole; what is wrong with it is told, and nothing of it stays on disk', async () => {
    const verify = (restorePoint: SearchRestorePoint) =>
      verifySearchBackup({ restorePoint, store: bench.access, identity: bench.identity, folder: bench.run.folder });
    for (const point of [dump, snapshot]) {
      const { problem, holding } = await verify(point);
      expect(problem).toBeUndefined();
      expect(Object.keys(holding?.secrets ?? {}).sort()).toEqual(point.manifest.state.keys.map(({ uid }) => uid));
    }
    const cut = await withChangedFile(bench, dump, (plain) => plain.subarray(0, plain.length >> 1));
    expect((await verify(cut)).problem).toMatch(/cannot be read to its end/);
    const gone = { ...dump, manifest: { ...dump.manifest, file: { ...dump.manifest.file, key: 'nowhere' } } };
    expect((await verify(gone)).problem).toMatch(/not in the store/);
    expect((await readdir(bench.run.folder)).filter((name) => name.startsWith('search-verify'))).toEqual([]);
  });

  it('a server that is written to while it is saved gives a backup of one moment', async () => {
    await using busy = await bench.search('busy');
    await fillSearch(busy);
    const index = searchClient(busy.access).index('things');
    let written = 1_500;
    const writing = (async () => {
      while (written < 1_530) await index.addDocuments([{ id: written++, name: 'late' }]).waitTask();
    })();
    const point = await bench.backup(busy, 'dump', { prefix: 'busy/' });
    await writing;
    await using restored = (await bench.restore(point, busy.access.masterKey)).server;
    const { numberOfDocuments } = await searchClient(restored.access).index('things').getStats();
    expect(numberOfDocuments).toBe(point.manifest.state.indexes['things']?.documents);
  });

  it('a server that is written to all the time gives none, and says so', async () => {
    await using busy = await bench.search('never-quiet');
    const index = searchClient(busy.access).index('things');
    for (let batch = 0; batch < 5; batch++) {
      const documents = Array.from({ length: 3_000 }, (_, id) => ({ id: batch * 3_000 + id, text: `words of ${id}` }));
      await index.addDocuments(documents, { primaryKey: 'id' });
    }
    const aborted = bench.backup(busy, 'dump', { prefix: 'never/', quietTimeoutMs: 50 });
    await expect(aborted).rejects.toMatchObject({ code: 'tool-failed', message: expect.stringMatching(/came in all/) });
  });

  describe('is refused', () => {
    it('without its file', async () => {
      const file = { ...dump.manifest.file, key: 'nowhere' };
      await refused({ ...dump, manifest: { ...dump.manifest, file } }, 'backup-missing', /not in the store/);
    });

    it('with one byte less in the store', async () => {
      const file = { ...dump.manifest.file, sizeBytes: dump.manifest.file.sizeBytes + 1 };
      await refused({ ...dump, manifest: { ...dump.manifest, file } }, 'backup-invalid', /not what its manifest/);
    });

    it.each(['dump', 'snapshot'] as const)('as a truncated %s, before a server is started', async (kind) => {
      const point = kind === 'dump' ? dump : snapshot;
      const cut = await withChangedFile(bench, point, (plain) => plain.subarray(0, plain.length >> 1));
      const servers = bench.servers.length;
      await refused(cut, 'backup-invalid', new RegExp(`the ${kind} of the search server cannot be read to its end`));
      expect(bench.servers).toHaveLength(servers);
    });

    it('as a dump of a newer server, in a format it cannot read or in one it reads', async () => {
      const unknown = { dumpVersion: 'V7', dbVersion: '2.0.0' };
      const unreadable = await withChangedFile(bench, dump, (plain) => withMetadata(plain, unknown));
      await refused(
        unreadable,
        'restore-failed',
        /did not import the dump: expected a server that reads a dump of 2\.0\.0 in the format V7/,
      );
      const readable = await withChangedFile(bench, dump, (plain) =>
        withMetadata(plain, { dumpVersion: 'V6', dbVersion: '1.51.2' }),
      );
      await refused(readable, 'restore-failed', /the backup is of a newer search server: .*1\.51\.2/);
    });

    it('under another master key, since the secrets of keys change', async () => {
      const masterKey = 'another-master-key-of-this-test';
      await refused(dump, 'restore-failed', /the key "shop window" \(.*\) has another secret/, { masterKey });
      await refused(snapshot, 'restore-failed', /has another secret[^]*restore under the one of the backup/, {
        masterKey,
      });
    });

    it('with an age key that does not fit', async () => {
      await refused(dump, 'decryption-failed', /age key does not fit/, { identity: await generateX25519Identity() });
    });

    it('with a document, a setting or a key less than the manifest has', async () => {
      const { state } = dump.manifest;
      const things = state.indexes['things'];
      if (things === undefined) throw new Error('the index things is not in the manifest');
      const more = { ...state, indexes: { ...state.indexes, things: { ...things, documents: 1_501 } } };
      await refused(
        { ...dump, manifest: { ...dump.manifest, state: more } },
        'restore-failed',
        /1500 documents in place/,
      );
    });

    it('when it is interrupted', async () => {
      await refused(dump, 'interrupted', /was interrupted/, { signal: AbortSignal.abort() });
      const controller = new AbortController();
      const provision = {
        search: (role: string, start = {}) => {
          setTimeout(() => controller.abort(), 20);
          return bench.search(role, start);
        },
      };
      const restored = bench.restore(dump, source.access.masterKey, { provision, signal: controller.signal });
      await expect(restored).rejects.toMatchObject({ code: 'interrupted' });
      const aborted = bench.backup(source, 'dump', { prefix: 'aborted/', signal: AbortSignal.abort() });
      await expect(aborted).rejects.toMatchObject({ code: 'interrupted' });
      expect(await Array.fromAsync(bench.objects.listObjectsV2(bucket, 'aborted/', true))).toEqual([]);
    });
  });

  describe('faults', () => {
    it.each([searchGarbageAtRest, searchGarbage])('$name: health stays green, content is gone', async (fault) => {
      await using server = await bench.search('damaged');
      await fillSearch(server);
      const stack = stackOf(server);
      expect((await fault.observe(stack)).map(({ bitten }) => bitten)).toEqual([true, false, false]);
      await fault.inject(stack);
      const answers = await fault.observe(stack);
      expect(answers.map(({ bitten }) => bitten)).toEqual([true, true, true]);
      expect(answers[0]?.actual).toBe('yes');
      // A backup of what is damaged is no backup.
      await expect(bench.backup(server, 'dump')).rejects.toMatchObject({
        code: 'service-unreachable',
        facts: { service: 'search' },
      });
      await fault.lift(stack);
      await fault.lift(stack);
    });
  });
}
