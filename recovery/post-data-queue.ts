import type { ArchiveEntry } from './archive-entry.ts';

/** A statement of the archive's last section: an index, a constraint, a trigger, a policy and so on. */
export interface PostDataJob {
  entry: ArchiveEntry;
  sql: string;
  settings: string;
}

interface QueuedJob extends PostDataJob {
  /** Groups of tables it locks; empty when none is known. */
  tables: ReadonlySet<number>;
  /** Several shared jobs may lock a table at once: CREATE INDEX locks out writers only, and nobody writes. */
  shared: boolean;
}

/**
 * Hands out jobs so that each comes after what it depends on, and no two that lock the same table run at once, unless
 * both only share it: with that no two connections can wait for each other. Foreign keys of partitioned tables lock
 * all their partitions, so a partitioned table and its partitions count as one.
 */
export class PostDataQueue {
  readonly #waiting: QueuedJob[];
  readonly #running = new Set<QueuedJob>();
  /** Dump ids whose end jobs wait for: jobs not yet done and tables not yet loaded. */
  readonly #open: Set<number>;
  readonly #weights = new Map<number, number>();
  readonly #unloaded: readonly number[];

  /** `preData` are the entries that were executed before; `unloaded` those of their tables whose rows are to come. */
  constructor(preData: readonly ArchiveEntry[], jobs: readonly PostDataJob[], unloaded: readonly number[]) {
    this.#unloaded = unloaded;
    const groupOf = groupTables(preData);
    const jobById = new Map(jobs.map((job) => [job.entry.dumpId, job]));
    this.#open = new Set([...unloaded, ...jobById.keys()]);
    this.#waiting = jobs.map((job) => ({
      ...job,
      tables: new Set([...tablesOf(job.entry, jobById)].map(groupOf).filter((group) => group !== undefined)),
      shared: job.entry.type === 'INDEX',
    }));
  }

  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#running.size === 0;
  }

  /** The rows of a table are there. `weight` is what it is big by: the biggest tables are worked on first. */
  tableLoaded(dumpId: number, weight: number): void {
    this.#open.delete(dumpId);
    this.#weights.set(dumpId, weight);
  }

  /** No further rows come. */
  allLoaded(): void {
    for (const id of this.#unloaded) this.#open.delete(id);
  }

  /** The job to run now; `undefined` when each has to wait for something. `done` is to be called after it. */
  next(): PostDataJob | undefined {
    const ready = this.#waiting.filter((job) => this.#isReady(job));
    const [first] = ready.sort((a, b) => rank(a) - rank(b) || this.#weightOf(b) - this.#weightOf(a));
    if (first === undefined) return undefined;
    this.#waiting.splice(this.#waiting.indexOf(first), 1);
    this.#running.add(first);
    return first;
  }

  done(job: PostDataJob): void {
    this.#running.delete(job as QueuedJob);
    this.#open.delete(job.entry.dumpId);
  }

  /** What still waits, for the message when nothing can run. */
  waiting(): ArchiveEntry[] {
    return this.#waiting.map(({ entry }) => entry);
  }

  #isReady(job: QueuedJob): boolean {
    if (job.entry.dependencies.some((id) => this.#open.has(id))) return false;
    for (const other of this.#running) if (conflict(job, other)) return false;
    return true;
  }

  #weightOf({ entry }: QueuedJob): number {
    return Math.max(0, ...entry.dependencies.map((id) => this.#weights.get(id) ?? 0));
  }
}

/** Indexes and keys first, since others wait for them; then foreign keys; then what takes no time. */
function rank({ entry: { type } }: QueuedJob): number {
  if (type === 'INDEX' || type === 'CONSTRAINT') return 0;
  return type === 'FK CONSTRAINT' || type === 'CHECK CONSTRAINT' ? 1 : 2;
}

function conflict(a: QueuedJob, b: QueuedJob): boolean {
  if (a.shared && b.shared) return false;
  // What names no table may lock anything.
  if ((a.tables.size === 0 && !a.shared) || (b.tables.size === 0 && !b.shared)) return true;
  return [...a.tables].some((table) => b.tables.has(table));
}

function isTable({ type }: ArchiveEntry): boolean {
  return type === 'TABLE';
}

/** All ids that an entry depends on, through other jobs too: an index that is attached locks its index's table. */
function tablesOf(entry: ArchiveEntry, jobs: ReadonlyMap<number, PostDataJob>, seen = new Set<number>()): Set<number> {
  for (const id of entry.dependencies) {
    if (seen.has(id)) continue;
    seen.add(id);
    const job = jobs.get(id);
    if (job) tablesOf(job.entry, jobs, seen);
  }
  return seen;
}

/** Gives each table the number of its group: tables that are attached to, or made from, one another. */
function groupTables(preData: readonly ArchiveEntry[]): (id: number) => number | undefined {
  const parents = new Map(preData.filter(isTable).map(({ dumpId }) => [dumpId, dumpId]));
  const rootOf = (id: number): number | undefined => {
    const parent = parents.get(id);
    return parent === undefined || parent === id ? parent : rootOf(parent);
  };
  for (const entry of preData) {
    if (!isTable(entry) && entry.type !== 'TABLE ATTACH') continue;
    const members = [entry.dumpId, ...entry.dependencies].map(rootOf).filter((root) => root !== undefined);
    for (const root of members) parents.set(root, members[0] ?? root);
  }
  return rootOf;
}
