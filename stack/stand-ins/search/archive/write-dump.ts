import { createWriteStream } from 'node:fs';
import { mkdir, rm, writeFile, copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatabaseSync } from 'node:sqlite';
import { engineVersion } from '../store/data-folder.ts';
import { rows } from '../store/database.ts';
import { readMeta } from '../store/index-store.ts';
import { batchOf } from './batch.ts';
import { packFolder } from './archive.ts';
import type { TaskContext } from '../tasks/task-context.ts';
import type { TaskOutcome } from '../tasks/scheduler.ts';
import type { TaskRecord } from '../tasks/task-record.ts';

/** Documents read at a time. */
const pageSize = 500;

/**
 * Writes a dump in format V6: a gzip-compressed tar of `metadata.json`, `keys.jsonl`, `tasks`, `batches`, `indexes/<uid>`
 * and some files that hold only defaults here. The layout is that of a dump of a real 1.50.0.
 */
export async function writeDump(context: TaskContext): Promise<TaskOutcome> {
  const dumpUid = dumpName(context.clock.now());
  const folder = await context.data.temporaryFolder();
  try {
    await fillDump(folder, context);
    await packFolder(folder, join(context.folders.dumpFolder, `${dumpUid}.dump`));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return { details: { Dump: { dump_uid: dumpUid } } };
}

async function fillDump(folder: string, { data, clock, task, signal }: TaskContext): Promise<void> {
  const dumpDate = clock.now().toISOString();
  const json = (name: string, value: unknown): Promise<void> => writeFile(join(folder, name), JSON.stringify(value));
  const folders = ['tasks/update_files', 'batches', 'indexes', 'chat-completions-settings'];
  for (const name of folders) await mkdir(join(folder, name), { recursive: true });
  await json('metadata.json', { dumpVersion: 'V6', dbVersion: engineVersion, dumpDate });
  await json('experimental-features.json', experimentalFeatures);
  await json('network.json', { self: null, remotes: {}, shards: {}, leader: null, version: noUuid });
  await json('webhooks.json', { webhooks: {} });
  await writeLines(join(folder, 'keys.jsonl'), data.keys.list());
  const told = (each: TaskRecord): TaskRecord => (each.uid === task.uid ? asDumped(each, dumpDate) : each);
  await writeLines(join(folder, 'tasks', 'queue.jsonl'), mapped(data.tasks.all(), told));
  await writeLines(join(folder, 'batches', 'queue.jsonl'), mapped(data.tasks.all(), batchOf));
  for (const { uid } of data.tasks.find({ statuses: ['enqueued'], limit: Number.MAX_SAFE_INTEGER - 1 }).tasks) {
    const waiting = data.updateFile(uid);
    if (existsSync(waiting)) await copyFile(waiting, join(folder, 'tasks', 'update_files', `${uid}.jsonl`));
  }
  for (const { uid } of data.indexes.list()) {
    signal.throwIfAborted();
    const { reader } = data.indexes.store(uid);
    const { primaryKey, createdAt, updatedAt, settings } = readMeta(reader);
    await mkdir(join(folder, 'indexes', uid));
    await json(`indexes/${uid}/metadata.json`, { uid, primaryKey, createdAt, updatedAt });
    await json(`indexes/${uid}/settings.json`, settings);
    await writeLines(join(folder, 'indexes', uid, 'documents.jsonl'), documentsOf(reader));
  }
}

/** The task that writes a dump stands in it as done, without a batch and a name. */
function asDumped(task: TaskRecord, finishedAt: string): TaskRecord {
  return { ...task, batchUid: null, status: 'succeeded', details: { Dump: { dump_uid: null } }, finishedAt };
}

function* documentsOf(database: DatabaseSync): Generator<string> {
  for (let after = 0; ;) {
    const sql = 'SELECT docid, body FROM documents WHERE docid > ? ORDER BY docid LIMIT ?';
    const page = rows<{ docid: number; body: string }>(database, sql, after, pageSize);
    for (const { body } of page) yield body;
    if (page.length < pageSize) return;
    after = page.at(-1)?.docid ?? after;
  }
}

function* mapped<From, To>(values: Iterable<From>, change: (value: From) => To | undefined): Generator<To> {
  for (const value of values) {
    const changed = change(value);
    if (changed !== undefined) yield changed;
  }
}

/** One value a line; text is taken to be JSON already. */
async function writeLines(file: string, values: Iterable<unknown>): Promise<void> {
  const lines = mapped(values, (value) => `${typeof value === 'string' ? value : JSON.stringify(value)}\n`);
  await pipeline(Readable.from(lines), createWriteStream(file));
}

/** `20261121-085429107`: instant of the dump in UTC, to the millisecond. */
function dumpName(now: Date): string {
  const digits = now.toISOString().replaceAll(/\D/g, '');
  return `${digits.slice(0, 8)}-${digits.slice(8)}`;
}

const noUuid = '00000000-0000-0000-0000-000000000000';

const experimentalFeatures = Object.fromEntries(
  [
    'metrics',
    'logsRoute',
    'editDocumentsByFunction',
    'containsFilter',
    'dynamicSearchRules',
    'network',
    'getTaskDocumentsRoute',
    'taskQueueCompactionRoute',
    'compositeEmbedders',
    'chatCompletions',
    'multimodal',
    'foreignKeys',
    'disableDocumentsFetchQueue',
    'legacySearch',
    'renderRoute',
  ].map((name) => [name, false]),
);
