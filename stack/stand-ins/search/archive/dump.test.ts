import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../domain/clock.ts';
import { rows } from '../store/database.ts';
import { openDataFolder, type DataFolder } from '../store/data-folder.ts';
import { readMeta } from '../store/index-store.ts';
import { defaultKeys } from '../store/key-store.ts';
import { writePayload } from '../http/payload.ts';
import { taskWork } from '../tasks/process-task.ts';
import { taskScheduler, type NewTask, type Scheduler } from '../tasks/scheduler.ts';
import { unpackArchive } from './archive.ts';
import { readDump } from './read-dump.ts';

let root: string;
let data: DataFolder;
let scheduler: Scheduler;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'firedrill-dump-test-'));
  ({ data, scheduler } = open('first'));
});
afterEach(async () => {
  await scheduler.stop();
  data.close();
  await rm(root, { recursive: true });
});

function open(name: string): { data: DataFolder; scheduler: Scheduler } {
  const opened = openDataFolder(join(root, name));
  const folders = { dumpFolder: join(root, 'dumps'), snapshotFolder: join(root, 'snapshots') };
  return { data: opened, scheduler: taskScheduler(opened, taskWork(opened, systemClock, folders), systemClock) };
}

async function settled(uid: number): Promise<string> {
  for (;;) {
    const status = data.tasks.get(uid)?.status ?? 'missing';
    if (status !== 'enqueued' && status !== 'processing') return status;
    await pause(5);
  }
}

const documentImport = {
  primary_key: 'id',
  method: 'ReplaceDocuments',
  documents_count: 0,
  allow_index_creation: true,
} as const;
const addition = (uid: string, documents: object[]): NewTask => ({
  indexUid: uid,
  content: { documentImport },
  details: null,
  writeDocuments: (file) => writePayload(file, Buffer.from(JSON.stringify(documents)), 'json'),
});
const dumpCreation: NewTask = {
  indexUid: null,
  content: { dumpCreation: { keys: [], instance_uid: null } },
  details: { Dump: { dump_uid: null } },
};

const documents = Array.from({ length: 1234 }, (_, number) => ({ id: number, name: `thing \u2028 ${number}` }));

async function writtenDump(): Promise<string> {
  for (const key of defaultKeys(systemClock.now().toISOString())) data.keys.add(key);
  scheduler.enqueue(addition('things', documents));
  const settings = { filterableAttributes: ['name'], synonyms: { mug: ['cup'] } };
  const content = { settings: { settings, is_deletion: false, allow_index_creation: true } };
  scheduler.enqueue({ indexUid: 'things', content, details: { SettingsUpdate: { settings } } });
  scheduler.enqueue(addition('things', [{ name: 'without an id' }]));
  const dump = scheduler.enqueue(dumpCreation);
  // Enqueued after the dump was asked for and before it is written: it is in the dump as one that waits.
  const waiting = scheduler.enqueue(addition('things', [{ id: 5000, name: 'late' }]));
  expect(await settled(dump.uid)).toBe('succeeded');
  expect(await settled(waiting.uid)).toBe('succeeded');
  const [name = ''] = await readdir(join(root, 'dumps'));
  return join(root, 'dumps', name);
}

describe('a dump', () => {
  it('has the layout of format V6', async () => {
    const folder = join(root, 'unpacked');
    await unpackArchive(await writtenDump(), folder);
    const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
    const paths = await readdir(folder, { recursive: true });
    expect(paths.toSorted()).toEqual([
      'batches',
      'batches/queue.jsonl',
      'chat-completions-settings',
      'experimental-features.json',
      'indexes',
      'indexes/things',
      'indexes/things/documents.jsonl',
      'indexes/things/metadata.json',
      'indexes/things/settings.json',
      'keys.jsonl',
      'metadata.json',
      'network.json',
      'tasks',
      'tasks/queue.jsonl',
      'tasks/update_files',
      'tasks/update_files/4.jsonl',
      'webhooks.json',
    ]);
    expect(JSON.parse(await text('metadata.json'))).toMatchObject({ dumpVersion: 'V6', dbVersion: '1.50.0' });
    const lines = (await text('indexes/things/documents.jsonl')).split('\n').slice(0, -1);
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(documents);
    const tasks = (await text('tasks/queue.jsonl'))
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as { status: string });
    expect(tasks.map(({ status }) => status)).toEqual(['succeeded', 'succeeded', 'failed', 'succeeded', 'enqueued']);
    expect((await text('batches/queue.jsonl')).split('\n').slice(0, -1)).toHaveLength(3);
    expect(JSON.parse((await text('keys.jsonl')).split('\n')[0] ?? '')).toMatchObject({
      name: 'Default Search API Key',
    });
  });

  it('read into an empty data folder gives keys, tasks, settings and documents back, and what waited is done', async () => {
    const file = await writtenDump();
    const before = { keys: data.keys.list(), meta: readMeta(data.indexes.store('things').reader) };
    await scheduler.stop();
    data.close();
    ({ data, scheduler } = open('second'));
    await readDump(file, data);
    expect(data.keys.list()).toEqual(before.keys);
    const { reader } = data.indexes.store('things');
    expect(readMeta(reader).settings).toEqual(before.meta.settings);
    const bodies = rows<{ body: string }>(reader, 'SELECT body FROM documents ORDER BY docid');
    expect(bodies.map(({ body }) => JSON.parse(body) as unknown)).toEqual(documents);
    expect(data.tasks.get(2)?.error?.code).toBe('missing_document_id');
    expect(data.tasks.get(4)?.status).toBe('enqueued');
    scheduler.wake();
    expect(await settled(4)).toBe('succeeded');
    expect(rows(reader, `SELECT body FROM documents WHERE id = '5000'`)).toHaveLength(1);
    expect(data.indexes.list()[0]?.stats.numberOfDocuments).toBe(documents.length + 1);
  });

  it('leaves no temporary folder behind', async () => {
    expect(existsSync(await writtenDump())).toBe(true);
    expect(await readdir(join(root, 'first', 'temporary'))).toEqual([]);
  });
});
