import type { Client } from 'pg';
import { DrillError } from '../domain/drill-error.ts';
import type { LargeObjectRule, TablePlan, TableShape } from '../domain/masking.ts';
import { entryTitle, type ArchiveEntry } from './archive-entry.ts';
import type { ScriptPart } from './archive-script.ts';
import { closeEnds, closeWaysOut } from './close-ways-out.ts';
import { fillLargeObjects } from './fill-large-objects.ts';
import { copyThrough, parseCopy, throughRoot, type LoadedRows, type RowsTarget } from './load-rows.ts';
import { splitStatements } from './restore-roles.ts';
import { PostDataRunner } from './post-data-runner.ts';
import type { PostDataJob } from './post-data-queue.ts';
import { refreshViews } from './refresh-views.ts';
import { leavesOut, passOf, type RestorePass } from './restore-passes.ts';
import { beginSession, type RestoreSession } from './restore-session.ts';
import { readColumnTypes } from './table-shapes.ts';

export interface ArchiveRestoreOptions {
  /** The first connection makes the schema; both build indexes and constraints. */
  clients: readonly [Client, Client];
  plan?: (shape: TableShape) => TablePlan;
  /** Only with a plan: what becomes of large objects; without, all are restored. */
  largeObjects?: LargeObjectRule;
  beforeRows?: (client: Client) => Promise<void>;
  onTable?: (title: string, rows: number) => void;
}

export interface RestoredArchive {
  rowsLoaded: number;
  tablesLoaded: number;
  /** Materialised views, as `schema.name`, that stay empty: what they read is on another server. */
  notRefreshed: string[];
}

/** Entries of one transaction, at most: each locks a few objects, and a server has room for so many locks only. */
const batchEntries = 100;
/** Length of their statements in characters, at most but for one that is longer. */
const batchLength = 256 * 1024;

/** Entries of large objects, whose statements may begin and end transactions. */
const hasOwnTransactions = new Set(['BLOBS', 'BLOB METADATA']);

/**
 * The order of a restore, whoever reads the archive: settings, schema, `reachRows`, then tables in any order while
 * indexes of loaded ones are built, then `finish`.
 */
export class ArchiveRestore {
  readonly restored: RestoredArchive = { rowsLoaded: 0, tablesLoaded: 0, notRefreshed: [] };
  readonly #options: ArchiveRestoreOptions;
  readonly #preData: ArchiveEntry[] = [];
  /** Dump ids of the tables that this restore creates. */
  readonly #tables = new Set<number>();
  /** What is to be executed next, together. */
  #batch: PostDataJob[] = [];
  #batchLength = 0;
  readonly #later: Record<Exclude<RestorePass, 'main'>, PostDataJob[]> = {
    grants: [],
    refresh: [],
    'log-ins': [],
    'event-triggers': [],
    database: [],
  };
  #sessions: RestoreSession[] = [];
  #settings = '';
  #runner: PostDataRunner | undefined;
  #building: Promise<unknown> = Promise.resolve();
  readonly #throughRoot = new Set<number>();
  #columnTypes: ReadonlyMap<string, string> = new Map();

  constructor(options: ArchiveRestoreOptions) {
    this.#options = options;
  }

  /** The archive's session settings. */
  get settings(): string {
    return this.#settings;
  }

  get rowsReached(): boolean {
    return this.#runner !== undefined;
  }

  /** Takes the settings of the script. It repeats them after each change of the database; sessions take them once. */
  async begin(settings: string): Promise<void> {
    if (this.#sessions.length > 0) return;
    this.#settings = settings;
    this.#sessions = await Promise.all(this.#options.clients.map((client) => beginSession(client, settings)));
  }

  /** Executes statements of the schema, or keeps them for their time. */
  async makeSchema(part: PostDataJob): Promise<void> {
    if (this.leavesOut(part.entry) || this.#defer(part)) return;
    this.#preData.push(part.entry);
    if (part.entry.type === 'TABLE') this.#tables.add(part.entry.dumpId);
    await this.execute(part);
  }

  /** Whether the restored database is to be without an entry. */
  leavesOut(entry: ArchiveEntry): boolean {
    const { largeObjects } = this.#options;
    return largeObjects !== undefined && leavesOut(largeObjects, entry);
  }

  /**
   * Executes statements, at the latest when rows are reached or at the end of their pass: small ones together, which saves
   * a transaction and a round trip for each.
   */
  async execute(job: PostDataJob): Promise<void> {
    const isAlone = hasOwnTransactions.has(job.entry.type);
    if (isAlone) await this.flush();
    this.#batch.push(job);
    this.#batchLength += job.sql.length;
    if (isAlone || this.#batch.length >= batchEntries || this.#batchLength >= batchLength) await this.flush();
  }

  /** Executes what `execute` was given and has kept so far. */
  async flush(): Promise<void> {
    const jobs = this.#batch;
    this.#batch = [];
    this.#batchLength = 0;
    if (jobs.length > 0) await this.session.run(jobs);
  }

  /**
   * The schema is there and no row yet: time for the caller's look at it. From now on the second session builds what
   * stands on loaded rows. `parts` is the rest of the script; `withRows` are the entries whose rows come, where that is
   * known: then a table without any is not waited for.
   */
  async reachRows(parts: readonly ScriptPart[], withRows?: readonly ArchiveEntry[]): Promise<void> {
    const jobs: PostDataJob[] = [];
    for (const part of parts) {
      if (part.kind !== 'statements' || this.leavesOut(part.entry)) continue;
      if (!this.#defer(part)) jobs.push(part);
    }
    await this.flush();
    const { client } = this.session;
    await this.#options.beforeRows?.(client);
    if (this.#options.plan) this.#columnTypes = await readColumnTypes(client);
    const unloaded = withRows
      ? withRows.map((entry) => this.#tableOf(entry)).filter((id) => id !== undefined)
      : [...this.#tables];
    const runner = new PostDataRunner(this.#preData, jobs, unloaded);
    this.#runner = runner;
    this.#building = Promise.all(this.#sessions.slice(1).map((session) => runner.work(session)));
    // Its failure is met in `finish`.
    this.#building.catch(() => undefined);
  }

  /** Ends when building has failed: then there is no use in loading more. */
  get building(): Promise<unknown> {
    return this.#building;
  }

  /** What is to be done with the rows of an entry. */
  target(entry: ArchiveEntry, copy: string): RowsTarget {
    const dumpedViaRoot = throughRoot(entry, copy);
    const plan = this.#planOf(copy, dumpedViaRoot ? entry : undefined);
    const title = entryTitle(entry);
    const through = plan.load === 'transformed' ? plan.through : undefined;
    if (dumpedViaRoot || through) this.#throughRoot.add(entry.dumpId);
    if (through) return { title, copy: copyThrough(this.session.client, copy, through), fresh: false, plan, through };
    return { title, copy, fresh: !dumpedViaRoot && this.#tableOf(entry) !== undefined, plan };
  }

  /** The rows of an entry are there. */
  tableLoaded(entry: ArchiveEntry, { rows, sizeBytes }: LoadedRows): void {
    this.restored.rowsLoaded += rows;
    this.restored.tablesLoaded += 1;
    this.#options.onTable?.(entryTitle(entry), rows);
    // Rows of one partition may be put into another of them: none is done before all are.
    const table = this.#tableOf(entry);
    if (table === undefined) return;
    if (this.#throughRoot.has(entry.dumpId)) this.#runner?.weigh(table, sizeBytes);
    else this.#runner?.tableLoaded(table, sizeBytes);
  }

  /**
   * All rows are there: builds what is left with both sessions, then grants, materialised views and the rest. Nothing of
   * it connects anywhere; what a copy could go out by is closed, or not restored at all.
   */
  async finish(): Promise<RestoredArchive> {
    const { session, restored } = this;
    const isCopy = this.#options.plan !== undefined;
    this.#runner?.allLoaded();
    await Promise.all([this.#building, this.#runner?.work(session)]);
    const { grants, refresh, 'log-ins': logIns, 'event-triggers': eventTriggers, database } = this.#later;
    await fillLargeObjects(session.client, this.#options.largeObjects);
    await this.#pass(grants);
    if (isCopy) await closeEnds(session.client);
    restored.notRefreshed.push(...(await refreshViews(this.#sessions, refresh)));
    if (!isCopy) await this.#pass(logIns);
    await this.#pass([...eventTriggers, ...database.map(withoutCreation)]);
    if (isCopy) await closeWaysOut(session.client);
    // The commits before did not wait for the disk; this one does, and the log is written in order.
    await session.client.query('SET synchronous_commit = on; SELECT pg_catalog.txid_current()');
    return restored;
  }

  /** Lets the sessions end after their present statement. */
  stop(): void {
    this.#runner?.stop();
  }

  /** The session that makes the schema. */
  get session(): RestoreSession {
    const [session] = this.#sessions;
    if (session) return session;
    throw new DrillError({
      code: 'restore-failed',
      what: 'the script of the archive does not begin with its settings',
      expected: 'SET statements',
      actual: 'none',
    });
  }

  async #pass(jobs: readonly PostDataJob[]): Promise<void> {
    for (const job of jobs) await this.execute(job);
    await this.flush();
  }

  #defer(part: PostDataJob): boolean {
    const pass = passOf(part.entry);
    if (pass !== 'main') this.#later[pass].push(part);
    return pass !== 'main';
  }

  /** The table that this restore has created for the rows; `undefined` for one that an extension brought. */
  #tableOf({ dependencies }: Pick<ArchiveEntry, 'dependencies'>): number | undefined {
    return dependencies.find((id) => this.#tables.has(id));
  }

  #planOf(copy: string, partition?: ArchiveEntry): TablePlan {
    const { plan } = this.#options;
    if (plan === undefined) return { load: 'all' };
    const { columns, ...target } = parseCopy(copy);
    const { schema, table } = partition ? { schema: partition.schema, table: partition.name } : target;
    const typeOf = (name: string): string => this.#columnTypes.get(JSON.stringify([schema, table, name])) ?? 'unknown';
    return plan({ schema, table, columns: columns.map((name) => ({ name, type: typeOf(name) })) });
  }
}

/** The database is there already: of its entry, what follows its creation is executed, such as its owner. */
function withoutCreation(job: PostDataJob): PostDataJob {
  if (job.entry.type !== 'DATABASE') return job;
  const statements = splitStatements(job.sql).filter((sql) => !sql.startsWith('CREATE DATABASE '));
  return { ...job, sql: statements.join('\n') };
}
