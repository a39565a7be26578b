import { DrillError } from '../domain/drill-error.ts';
import { entryTitle, type ArchiveEntry } from './archive-entry.ts';
import { PostDataQueue, type PostDataJob } from './post-data-queue.ts';
import type { RestoreSession } from './restore-session.ts';

/** Works on a queue with one or more sessions, while tables are still being loaded by another. */
export class PostDataRunner {
  readonly #queue: PostDataQueue;
  #active = 0;
  #allLoaded = false;
  #failed = false;
  /** Resolved and made anew whenever something has changed. */
  #change = Promise.withResolvers<void>();

  /** As those of `PostDataQueue`. */
  constructor(preData: readonly ArchiveEntry[], jobs: readonly PostDataJob[], unloaded: readonly number[] = []) {
    this.#queue = new PostDataQueue(preData, jobs, unloaded);
  }

  tableLoaded(dumpId: number, weight: number): void {
    this.#queue.tableLoaded(dumpId, weight);
    this.#changed();
  }

  /** As that of `PostDataQueue`. */
  weigh(dumpId: number, weight: number): void {
    this.#queue.weigh(dumpId, weight);
  }

  allLoaded(): void {
    this.#queue.allLoaded();
    this.#allLoaded = true;
    this.#changed();
  }

  /** Ends every `work` at its next job: something else has failed. */
  stop(): void {
    this.#failed = true;
    this.#changed();
  }

  /**
   * Runs jobs on `session` until none is left, small ones together unless each is to be `alone`. Several sessions may
   * work at the same time.
   */
  async work(session: RestoreSession, { alone = false }: { alone?: boolean } = {}): Promise<void> {
    while (!this.#queue.isEmpty && !this.#failed) {
      const jobs = this.#queue.next(session, { alone });
      if (jobs.length === 0) {
        if (this.#allLoaded && this.#active === 0) throw stuck(this.#queue.waiting());
        await this.#change.promise;
        continue;
      }
      this.#active += 1;
      try {
        await session.run(jobs);
      } catch (error) {
        this.#failed = true;
        throw error;
      } finally {
        for (const job of jobs) this.#queue.done(job);
        this.#active -= 1;
        this.#changed();
      }
    }
  }

  #changed(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }
}

function stuck(waiting: readonly ArchiveEntry[]): DrillError {
  return new DrillError({
    code: 'restore-failed',
    what: 'the last part of the archive cannot be brought into an order',
    expected: 'entries that depend on earlier ones',
    actual: `${waiting.length} that wait for one another: ${waiting.slice(0, 5).map(entryTitle).join(', ')}`,
  });
}
