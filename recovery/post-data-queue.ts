import TinyQueue from 'tinyqueue';
import type { ArchiveEntry } from './archive-entry.ts';
import { groupTables, shares, TableLocks, type Locking } from './table-locks.ts';

/** A statement of the archive's last section: an index, a constraint, a trigger, a policy and so on. */
export interface PostDataJob {
  entry: ArchiveEntry;
  sql: string;
  settings: string;
}

interface QueuedJob extends PostDataJob, Locking {
  /** Its place in the archive. */
  place: number;
  /** How many of those that it depends on are not there yet. */
  missing: number;
  /** Size of the largest table that it depends on, once that is loaded. */
  weight: number;
  /** The group of tables for which it waits, or was waiting when it became ready again. */
  parkedOn: number | undefined;
}

/** Together no larger, small jobs of one session make one transaction. */
const batchBytes = 1024 * 1024;
const batchJobs = 64;

/**
 * What locks its tables and nothing else. Two transactions of several others could wait for each other: each adds tables
 * to two publications, say.
 */
const locksTablesOnly = new Set([
  'INDEX',
  'CONSTRAINT',
  'FK CONSTRAINT',
  'CHECK CONSTRAINT',
  'INDEX ATTACH',
  'TRIGGER',
  'RULE',
  'POLICY',
  'ROW SECURITY',
]);

/**
 * Hands out jobs so that each comes after what it depends on, and no two sessions that lock the same table work at once,
 * unless both only share it (CREATE INDEX locks out writers only, and nobody writes): with that no two sessions can wait
 * for each other. Foreign keys of partitioned tables lock all their partitions, so a partitioned table and its partitions
 * count as one. No job is looked at before it can run, or longer than until the first table that it has to wait for: the
 * work grows with the number of jobs.
 */
export class PostDataQueue {
  readonly #waiting = new Set<QueuedJob>();
  readonly #running = new Map<PostDataJob, unknown>();
  readonly #ready = this.#inOrder();
  /** Jobs that could run but for a lock, by the group of tables that is locked. */
  readonly #parked = new Map<number, TinyQueue<QueuedJob>>();
  /** Jobs by the dump ids that they depend on, of jobs not yet done and tables not yet loaded. */
  readonly #dependents = new Map<number, QueuedJob[]>();
  readonly #weights = new Map<number, number>();
  readonly #unloaded: readonly number[];
  readonly #locks = new TableLocks();
  /** Jobs that were looked at so far, and comparisons of two of them: what the work grows with. */
  steps = 0;

  /** `preData` are the entries that were executed before; `unloaded` those of their tables whose rows are to come. */
  constructor(preData: readonly ArchiveEntry[], jobs: readonly PostDataJob[], unloaded: readonly number[]) {
    this.#unloaded = unloaded;
    const groupOf = groupTables(preData);
    const jobById = new Map(jobs.map((job) => [job.entry.dumpId, job]));
    for (const id of [...unloaded, ...jobById.keys()]) this.#dependents.set(id, []);
    for (const [place, job] of jobs.entries()) {
      const needed = job.entry.dependencies.filter((id) => this.#dependents.has(id));
      const groups = [...tablesOf(job.entry, jobById)].map(groupOf).filter((group) => group !== undefined);
      const queued: QueuedJob = {
        ...job,
        groups: [...new Set(groups)],
        shared: job.entry.type === 'INDEX',
        place,
        missing: needed.length,
        weight: 0,
        parkedOn: undefined,
      };
      for (const id of needed) this.#dependents.get(id)?.push(queued);
      this.#waiting.add(queued);
      if (queued.missing === 0) this.#ready.push(queued);
    }
  }

  get isEmpty(): boolean {
    return this.#waiting.size === 0 && this.#running.size === 0;
  }

  /** The rows of a table are there. `weight` is what it is big by: the biggest tables are worked on first. */
  tableLoaded(dumpId: number, weight: number): void {
    this.weigh(dumpId, weight);
    this.#isThere(dumpId);
  }

  /** Says how big a table is on which jobs go on waiting. */
  weigh(dumpId: number, weight: number): void {
    this.#weights.set(dumpId, weight);
  }

  /** No further rows come. */
  allLoaded(): void {
    for (const id of this.#unloaded) this.#isThere(id);
  }

  /**
   * The jobs that `session` is to run now, in one transaction; none when each has to wait for something. `done` is to be
   * called for each when all are.
   */
  next(session: unknown, { alone = false }: { alone?: boolean } = {}): PostDataJob[] {
    const first = this.#take(session, () => true);
    if (first === undefined) return [];
    const batch = [first];
    let bytes = first.weight;
    const fits = (job: QueuedJob): boolean => canShareTransaction(job) && bytes + job.weight <= batchBytes;
    const most = alone || !canShareTransaction(first) || bytes > batchBytes ? 1 : batchJobs;
    while (batch.length < most) {
      const job = this.#take(session, fits);
      if (job === undefined) break;
      batch.push(job);
      bytes += job.weight;
    }
    return batch;
  }

  done(job: PostDataJob): void {
    const session = this.#running.get(job);
    this.#running.delete(job);
    for (const group of this.#locks.release(job as QueuedJob, session)) this.#wake(group);
    this.#isThere(job.entry.dumpId);
  }

  /** What still waits, for the message when nothing can run. */
  waiting(): ArchiveEntry[] {
    return [...this.#waiting].map(({ entry }) => entry);
  }

  /** Takes the first that no lock keeps from running. Where that one is not wanted, none. */
  #take(session: unknown, isWanted: (job: QueuedJob) => boolean): QueuedJob | undefined {
    for (let job = this.#ready.pop(); job !== undefined; job = this.#ready.pop()) {
      this.steps += 1;
      const blocking = this.#locks.blocking(job, session);
      if (blocking === undefined) {
        if (!isWanted(job)) {
          this.#ready.push(job);
          return undefined;
        }
        this.#locks.take(job, session);
        this.#waiting.delete(job);
        this.#running.set(job, session);
        // The next one may share the tables with it.
        if (job.parkedOn !== undefined && shares(job, job.parkedOn)) this.#wake(job.parkedOn);
        return job;
      }
      const before = job.parkedOn;
      this.#park(job, blocking);
      // It does not use what it was woken for; another one may.
      if (before !== undefined && before !== blocking) this.#wake(before);
    }
    return undefined;
  }

  #park(job: QueuedJob, group: number): void {
    job.parkedOn = group;
    const parked = this.#parked.get(group) ?? this.#inOrder();
    this.#parked.set(group, parked);
    parked.push(job);
  }

  #wake(group: number): void {
    const job = this.#parked.get(group)?.pop();
    if (job) this.#ready.push(job);
  }

  #isThere(dumpId: number): void {
    const dependents = this.#dependents.get(dumpId) ?? [];
    this.#dependents.delete(dumpId);
    for (const job of dependents) {
      this.steps += 1;
      job.missing -= 1;
      if (job.missing > 0) continue;
      job.weight = Math.max(0, ...job.entry.dependencies.map((id) => this.#weights.get(id) ?? 0));
      this.#ready.push(job);
    }
  }

  #inOrder(): TinyQueue<QueuedJob> {
    return new TinyQueue<QueuedJob>([], (one, other) => {
      this.steps += 1;
      return rank(one) - rank(other) || other.weight - one.weight || one.place - other.place;
    });
  }
}

/** Indexes and keys first, since others wait for them; then foreign keys; then what takes no time. */
function rank({ entry: { type } }: QueuedJob): number {
  if (type === 'INDEX' || type === 'CONSTRAINT') return 0;
  return type === 'FK CONSTRAINT' || type === 'CHECK CONSTRAINT' ? 1 : 2;
}

function canShareTransaction({ entry, groups }: QueuedJob): boolean {
  return groups.length > 0 && locksTablesOnly.has(entry.type);
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
