import type { PartitionedRoot, TablePlan } from '../domain/masking.ts';
import type { Compression, BackupFile } from '../domain/recovery.ts';
import type { ObjectStoreAccess, PostgresConnection } from '../domain/service.ts';
import { objectClient } from '../stack/clients.ts';
import { readArchive, type LargeObjectsBlock, type ReadArchive } from './archive-blocks.ts';
import type { TocEntry } from './archive-head.ts';
import { loadLargeObjects } from './load-large-objects.ts';
import { loadRows, parseCopy, type LoadedRows } from './load-rows.ts';
import { readArtefact } from './read-artefact.ts';
import { DrillError } from '../domain/drill-error.ts';
import { isLargeObject } from './restore-passes.ts';
import type { RestoreSession } from './restore-session.ts';
import { openLanes, type Lanes } from './restore-lanes.ts';
import { RowQueue, WaitingRoom } from './row-queue.ts';

/** Where the rows come from and where they go: data only, so that it can be sent to another process. */
export interface RowLoaderJob {
  store: ObjectStoreAccess;
  bucket: string;
  file: BackupFile;
  compression: Compression;
  /** The age secret key. */
  identity: string;
  connection: PostgresConnection;
  /** The content of large objects in the archive is passed over. */
  skipsLargeObjects: boolean;
}

/** What the loader has found before the first row. */
export interface ArchiveHeadFound {
  /** For pg_restore. */
  headBytes: Uint8Array;
  entries: TocEntry[];
}

/** What is to be done with the rows of one table. */
export interface TableLoad {
  dumpId: number;
  /** For messages: `TABLE DATA public.orders`. */
  title: string;
  /** `COPY schema.table (columns) FROM stdin`. */
  copy: string;
  /** The table was created by this restore. */
  fresh: boolean;
  plan: TablePlan;
  through?: PartitionedRoot;
}

export interface LoadInstructions {
  /** Session settings of the archive's script. */
  settings: string;
  tables: readonly TableLoad[];
}

/** Whom the loader asks and tells. */
export interface RowLoaderHost {
  /** Makes the schema out of the head and says what to do with each table. */
  prepare(found: ArchiveHeadFound): Promise<LoadInstructions>;
  onTable(table: TableLoad, loaded: LoadedRows): void;
  /** Stored bytes that were read so far. */
  onBytes(sizeBytes: number): void;
}

/**
 * Loads all rows of an archive on connections of its own, table after table as they arrive. `unknown`: the archive is
 * one that only pg_restore can read; then nothing was done. Throws as `readArtefact` does, and `restore-failed`.
 */
export async function loadArchive(
  job: RowLoaderJob,
  host: RowLoaderHost,
  signal?: AbortSignal,
): Promise<{ unknown: string } | undefined> {
  const { store, bucket, file, compression, identity } = job;
  const onBytes = (sizeBytes: number): void => host.onBytes(sizeBytes);
  await using artefact = await readArtefact({
    client: objectClient(store),
    bucket,
    file,
    compression,
    identity,
    onBytes,
  });
  // A store that gives nothing more is not waited for.
  const close = (): void => void artefact[Symbol.asyncDispose]();
  signal?.addEventListener('abort', close, { once: true });
  using _listening = { [Symbol.dispose]: () => signal?.removeEventListener('abort', close) };
  const archive = await readArchive(artefact.chunks());
  if ('unknown' in archive) return archive;
  const { entries } = archive.head;
  const unread = entries.find(
    (entry) => entry.section === 'data' && !isRead(entry) && !(job.skipsLargeObjects && isLargeObject(entry)),
  );
  if (unread) return { unknown: `it holds ${unread.type}` };
  const instructions = await host.prepare({ headBytes: archive.headBytes, entries });
  await using lanes = await openLanes(job.connection, instructions.settings, signal);
  await loadBlocks(archive, lanes, instructions.tables, host, job.skipsLargeObjects);
  return undefined;
}

function isRead({ type }: TocEntry): boolean {
  return type === 'TABLE DATA' || type === 'SEQUENCE SET' || type === 'BLOBS';
}

/**
 * Hands each table to a connection that is free. While one works on the rest of a large table, which waits in memory,
 * the other begins with the next, so that a server with two processors has work for both.
 */
async function loadBlocks(
  archive: ReadArchive,
  lanes: Lanes,
  tables: readonly TableLoad[],
  host: RowLoaderHost,
  skipsLargeObjects: boolean,
): Promise<void> {
  const objects = new Map(archive.head.entries.filter(isObjects).map(({ dumpId, type }) => [dumpId, { title: type }]));
  const open = new Map(tables.map((table) => [table.dumpId, table]));
  const room = new WaitingRoom();
  for await (const block of archive.blocks()) {
    if (block.kind === 'large-objects') {
      if (!objects.delete(block.dumpId)) throw unannounced(block.dumpId);
      if (skipsLargeObjects) await passOver(block);
      else await atOnce(lanes, (session) => loadLargeObjects(session, block.objects()));
      continue;
    }
    const table = open.get(block.dumpId);
    if (table === undefined) throw unannounced(block.dumpId);
    open.delete(block.dumpId);
    const queue = new RowQueue(room);
    await lanes.run(async (session) => host.onTable(table, await loadRows(session, table, queue)));
    const rows = table.plan.load === 'transformed' ? block.wholeRows(parseCopy(table.copy).name) : block.rows();
    for await (const chunk of rows) await queue.push(chunk);
    queue.end();
  }
  await lanes.idle();
  const left = [...open.values(), ...objects.values()];
  if (left.length > 0) throw missing(left);
}

function isObjects({ type }: TocEntry): boolean {
  return type === 'BLOBS';
}

async function passOver(block: LargeObjectsBlock): Promise<void> {
  for await (const { content } of block.objects()) for await (const _piece of content);
}

/** Does a work that reads the archive itself: nothing more of it can be read before it ends. */
async function atOnce(lanes: Lanes, work: (session: RestoreSession) => Promise<void>): Promise<void> {
  const done = Promise.withResolvers<void>();
  await lanes.run((session) => {
    const running = work(session);
    running.then(done.resolve, done.reject);
    return running;
  });
  await done.promise;
}

function unannounced(dumpId: number): DrillError {
  return new DrillError({
    code: 'restore-failed',
    what: 'the archive holds data that its contents do not name',
    expected: 'a table or large objects of its contents, once',
    actual: `number ${dumpId}`,
  });
}

function missing(tables: readonly Pick<TableLoad, 'title'>[]): DrillError {
  return new DrillError({
    code: 'restore-failed',
    what: 'the archive ends before all tables are loaded',
    expected: 'the rows of every table of its contents',
    actual: `none of ${tables
      .slice(0, 5)
      .map(({ title }) => title)
      .join(', ')}`,
  });
}
