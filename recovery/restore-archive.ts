import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';
import type { TablePlan, TableShape } from '../domain/masking.ts';
import { entryTitle, type ArchiveEntry } from './archive-entry.ts';
import { readArchiveScript, type ScriptPart } from './archive-script.ts';
import { loadRows, parseCopy, type RowsPart } from './load-rows.ts';
import { PostDataRunner } from './post-data-runner.ts';
import type { PostDataJob } from './post-data-queue.ts';
import { bringsData, evadesMasking, passOf, type RestorePass } from './restore-passes.ts';
import { beginSession, type RestoreSession } from './restore-session.ts';
import { readColumnTypes } from './table-shapes.ts';

export interface ArchiveSource {
  /** The script of the sections pre-data and data, while it arrives. */
  script: AsyncIterable<Buffer>;
  /** The script of the section post-data, whole: it is known before the first row is loaded. */
  postData: Promise<ScriptPart[]>;
}

export interface RestoreArchiveOptions {
  /** Two connections at least: the first loads rows, the others build indexes meanwhile. */
  clients: readonly [Client, ...Client[]];
  plan?: (shape: TableShape) => TablePlan;
  beforeRows?: (client: Client) => Promise<void>;
  onRows?: (sizeBytes: number) => void;
  onTable?: (title: string, rows: number) => void;
}

export interface RestoredArchive {
  rowsLoaded: number;
  tablesLoaded: number;
}

/** Executes the scripts of an archive on a fresh database. Ends complete or throws `restore-failed`. */
export async function restoreArchive(source: ArchiveSource, options: RestoreArchiveOptions): Promise<RestoredArchive> {
  const restore = new ArchiveRestore(source, options);
  try {
    return await restore.run();
  } finally {
    restore.stop();
  }
}

class ArchiveRestore {
  readonly #source: ArchiveSource;
  readonly #options: RestoreArchiveOptions;
  readonly #preData: ArchiveEntry[] = [];
  readonly #later: Record<Exclude<RestorePass, 'main'>, PostDataJob[]> = {
    grants: [],
    refresh: [],
    'event-triggers': [],
    database: [],
  };
  readonly #restored: RestoredArchive = { rowsLoaded: 0, tablesLoaded: 0 };
  #sessions: RestoreSession[] = [];
  #runner: PostDataRunner | undefined;
  #working: Promise<unknown> = Promise.resolve();
  #columnTypes: ReadonlyMap<string, string> = new Map();

  constructor(source: ArchiveSource, options: RestoreArchiveOptions) {
    this.#source = source;
    this.#options = options;
  }

  async run(): Promise<RestoredArchive> {
    for await (const part of readArchiveScript(this.#source.script)) await this.#take(part);
    await this.#reachData();
    this.#runner?.allLoaded();
    const [first] = this.#sessions;
    if (first === undefined) throw noSettings();
    await Promise.all([this.#working, this.#runner?.work(first)]);
    await this.#finish(first);
    return this.#restored;
  }

  stop(): void {
    this.#runner?.stop();
  }

  async #take(part: ScriptPart): Promise<void> {
    if (part.kind === 'settings') return this.#begin(part.sql);
    const [session] = this.#sessions;
    if (session === undefined) throw noSettings();
    const { entry } = part;
    if (this.#options.plan && evadesMasking(entry)) throw cannotMask(entry);
    if (bringsData(entry)) await this.#reachData();
    if (part.kind === 'rows') return this.#load(session, part);
    const pass = passOf(entry);
    if (pass !== 'main') {
      this.#later[pass].push(part);
      return;
    }
    if (!bringsData(entry)) this.#preData.push(entry);
    await session.run(entry, part.sql, part.settings);
  }

  /** The script repeats its settings after each change of the database; sessions take them once. */
  async #begin(settings: string): Promise<void> {
    if (this.#sessions.length > 0) return;
    this.#sessions = await Promise.all(this.#options.clients.map((client) => beginSession(client, settings)));
  }

  /** The schema is there and no row yet: time for the caller's look at it, and for the others to begin their work. */
  async #reachData(): Promise<void> {
    if (this.#runner) return;
    const jobs = new Array<PostDataJob>();
    for (const part of await this.#source.postData) {
      if (part.kind !== 'statements') continue;
      const pass = passOf(part.entry);
      (pass === 'main' ? jobs : this.#later[pass]).push(part);
    }
    const [first, ...others] = this.#sessions;
    if (first === undefined) throw noSettings();
    await this.#options.beforeRows?.(first.client);
    if (this.#options.plan) this.#columnTypes = await readColumnTypes(first.client);
    const runner = new PostDataRunner(this.#preData, jobs);
    this.#runner = runner;
    this.#working = Promise.all(others.map((session) => runner.work(session)));
    // Its failure is met at the end, or stops the loading at the next table.
    this.#working.catch(() => undefined);
  }

  async #load(session: RestoreSession, part: RowsPart): Promise<void> {
    const { entry } = part;
    const tableId = this.#preData.find(
      ({ dumpId, type }) => type === 'TABLE' && entry.dependencies.includes(dumpId),
    )?.dumpId;
    const { onRows } = this.#options;
    const loaded = await loadRows(session, part, this.#planOf(part.copy), {
      fresh: tableId !== undefined,
      ...(onRows && { onRows }),
    });
    this.#restored.rowsLoaded += loaded.rows;
    this.#restored.tablesLoaded += 1;
    this.#options.onTable?.(entryTitle(entry), loaded.rows);
    if (tableId !== undefined) this.#runner?.tableLoaded(tableId, loaded.sizeBytes);
  }

  #planOf(copy: string): TablePlan {
    const { plan } = this.#options;
    if (plan === undefined) return { load: 'all' };
    const { schema, table, columns } = parseCopy(copy);
    const typed = columns.map((name) => ({
      name,
      type: this.#columnTypes.get(JSON.stringify([schema, table, name])) ?? 'unknown',
    }));
    return plan({ schema, table, columns: typed });
  }

  async #finish(session: RestoreSession): Promise<void> {
    const { grants, refresh, 'event-triggers': eventTriggers, database } = this.#later;
    for (const job of grants) await session.run(job.entry, job.sql, job.settings);
    const refreshing = new PostDataRunner([], refresh);
    refreshing.allLoaded();
    await Promise.all(this.#sessions.map((each) => refreshing.work(each)));
    for (const job of [...eventTriggers, ...database.map(withoutCreation)]) {
      await session.run(job.entry, job.sql, job.settings);
    }
    // The commits before did not wait for the disk; this one does, and the log is written in order.
    await session.client.query('SET synchronous_commit = on; SELECT pg_catalog.txid_current()');
  }
}

/** The database is there already: of its entry, what follows its creation is executed, such as its owner. */
function withoutCreation(job: PostDataJob): PostDataJob {
  if (job.entry.type !== 'DATABASE') return job;
  return { ...job, sql: job.sql.replace(/^CREATE DATABASE [^;]*;\s*/, '') };
}

function noSettings(): DrillError {
  return new DrillError({
    code: 'restore-failed',
    what: 'the script of the archive does not begin with its settings',
    expected: 'SET statements',
    actual: 'none',
  });
}

function cannotMask(entry: ArchiveEntry): DrillError {
  return new DrillError({
    code: 'masking-failed',
    what: 'the database holds data that cannot be masked',
    expected: 'rows of tables only',
    actual: entry.type.startsWith('BLOB') ? 'large objects' : entry.type,
    hint: 'Move large objects into a table or an object store, or take them out of the database that is copied.',
  });
}
