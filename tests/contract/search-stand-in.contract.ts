import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Meilisearch } from 'meilisearch';
import pRetry from 'p-retry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../domain/clock.ts';
import { clientOf, refusalOf, succeeded, thingsIndex } from './search/client.ts';
import { startFromCutDump } from './search/dumps.ts';
import { standInProgram, startSearch, temporaryFolder, type SearchProcess } from './search/process.ts';

const masterKey = 'a-master-key-of-this-test';

describe('built-in stand-in for Meilisearch', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let server: SearchProcess;
  beforeAll(async () => {
    folder = await temporaryFolder();
    server = await startSearch({ folder: folder.path, masterKey });
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await folder?.[Symbol.asyncDispose]();
  });
  const client = (): Meilisearch => clientOf({ host: server.url, masterKey });

  it('says that it is one', async () => {
    expect((await client().getVersion()).commitSha).toBe('firedrill-search-stand-in');
  });

  it('refuses what it does not do, instead of leaving it out of the answer', async () => {
    const index = await thingsIndex(client(), 'refusals');
    const code = 'stand_in_not_implemented';
    expect(await refusalOf(index.search('kettle', { attributesToHighlight: ['name'] }))).toBe(code);
    expect(await refusalOf(index.search('kettle', { showRankingScore: true }))).toBe(code);
    expect(await refusalOf(index.search('kettle', { matchingStrategy: 'frequency' }))).toBe(code);
    expect(await refusalOf(index.search('kettle', { distinct: 'maker' }))).toBe(code);
    expect(await refusalOf(index.updateDistinctAttribute('maker'))).toBe(code);
    expect(await refusalOf(index.addDocumentsFromString('id,name\n1,x', 'text/csv'))).toBe(code);
    expect((await index.search('kettle', { showRankingScore: false })).hits.length).toBeGreaterThan(0);
  });

  it('a key is refused once it has expired', async () => {
    const expiresAt = new Date(systemClock.now().getTime() + 1500);
    const { key } = await client().createKey({ actions: ['*'], indexes: ['*'], expiresAt });
    const holder = clientOf({ host: server.url, masterKey }, key);
    expect(await holder.getStats()).toBeDefined();
    await pause(1600);
    expect(await refusalOf(holder.getStats())).toBe('invalid_api_key');
  });

  it('a key for some indexes sees only those in lists, stats and tasks', async () => {
    await succeeded(client().createIndex('seen-one').waitTask());
    await succeeded(client().createIndex('unseen').waitTask());
    const { key } = await client().createKey({ actions: ['*'], indexes: ['seen*'], expiresAt: null });
    const holder = clientOf({ host: server.url, masterKey }, key);
    expect((await holder.getRawIndexes()).results.map(({ uid }) => uid)).toEqual(['seen-one']);
    expect(Object.keys((await holder.getStats()).indexes)).toEqual(['seen-one']);
    expect((await holder.tasks.getTasks()).results.map(({ indexUid }) => indexUid)).toEqual(['seen-one']);
    expect(await refusalOf(holder.getRawIndex('unseen'))).toBe('invalid_api_key');
  });

  it('does not log the master key', () => expect(server.log()).not.toContain(masterKey));
});

describe('built-in stand-in for Meilisearch, started in other ways', () => {
  it('ended in order in the middle of a task, it answers in between, ends with 0, and does the task again', async () => {
    await using folder = await temporaryFolder();
    const launch = { folder: folder.path, masterKey };
    const documents = Array.from({ length: 20_000 }, (_, id) => ({
      id,
      name: `thing ${id}`,
      note: 'one of many words here',
    }));
    await using first = await startSearch(launch);
    const client = clientOf({ host: first.url, masterKey });
    const { taskUid } = await client.index('large').addDocuments(documents, { primaryKey: 'id' });
    await pRetry(async () => expect((await client.tasks.getTask(taskUid)).status).toBe('processing'), {
      retries: 200,
      factor: 1,
      minTimeout: 5,
    });
    expect((await client.getStats()).indexes['large']).toMatchObject({ numberOfDocuments: 0, isIndexing: true });
    expect(await first.end('SIGTERM')).toBe(0);
    await using second = await startSearch(launch);
    const again = clientOf({ host: second.url, masterKey });
    await succeeded(again.tasks.waitForTask(taskUid));
    expect(await again.index('large').getStats()).toMatchObject({ numberOfDocuments: 20_000, isIndexing: false });
  });

  it.each([1, 8, 100])(
    'a dump without its last %i bytes stops the start, and no data folder is left',
    async (bytes) => {
      await using folder = await temporaryFolder();
      const { exitCode, lines } = await startFromCutDump(standInProgram, folder.path, (whole) =>
        whole.subarray(0, -bytes),
      );
      expect(exitCode).toBe(1);
      expect(lines.join('\n')).toContain('unexpected end of file');
      expect(existsSync(join(folder.path, 'data.ms'))).toBe(false);
    },
  );

  it('writes a snapshot again and again when it is told to', async () => {
    await using folder = await temporaryFolder();
    await using server = await startSearch({ folder: folder.path, masterKey, args: ['--schedule-snapshot', '1'] });
    const file = join(folder.path, 'snapshots', 'data.ms.snapshot');
    await pRetry(() => expect(existsSync(file)).toBe(true), { retries: 200, factor: 1, minTimeout: 50 });
    const { results } = await clientOf({ host: server.url, masterKey }).tasks.getTasks();
    expect(results[0]?.type).toBe('snapshotCreation');
  });

  it('without a master key it is open to all, but for the keys', async () => {
    await using folder = await temporaryFolder();
    await using server = await startSearch({ folder: folder.path, masterKey: '' });
    const anyone = new Meilisearch({ host: server.url });
    await thingsIndex(anyone, 'open');
    expect((await anyone.index('open').search('kettle')).hits.length).toBeGreaterThan(0);
    expect(await refusalOf(anyone.getKeys())).toBe('missing_master_key');
  });
});
