import { DatabaseError } from 'pg';
import { DrillError } from '../domain/drill-error.ts';
import { findCallers } from './find-callers.ts';
import { closedMark } from './outgoing.ts';
import type { PostDataJob } from './post-data-queue.ts';
import { PostDataRunner } from './post-data-runner.ts';
import type { RestoreSession } from './restore-session.ts';

/**
 * Fills materialised views, each after those that it reads. One that would go out to fill itself, as far as definitions
 * tell, is left empty. One that hides it finds nobody to log in as, and is left empty as well. Gives their names.
 */
export async function refreshViews(sessions: readonly RestoreSession[], jobs: PostDataJob[]): Promise<string[]> {
  const [first] = sessions;
  if (first === undefined || jobs.length === 0) return [];
  const { materialisedViews } = await findCallers(first.client);
  const goesOut = ({ entry }: PostDataJob): boolean =>
    materialisedViews.has(JSON.stringify([entry.schema, entry.name]));
  const left = jobs.filter(goesOut).map(nameOf);
  const runner = new PostDataRunner(
    [],
    jobs.filter((job) => !goesOut(job)),
  );
  runner.allLoaded();
  const tolerant = (session: RestoreSession): RestoreSession => ({
    client: session.client,
    run: async (work) => {
      for (const job of work) {
        try {
          await session.run([job]);
        } catch (error) {
          if (!isClosed(error, left.length > 0)) throw error;
          left.push(nameOf(job));
        }
      }
    },
  });
  await Promise.all(sessions.map((session) => runner.work(tolerant(session), { alone: true })));
  return left.sort();
}

function nameOf({ entry }: Pick<PostDataJob, 'entry'>): string {
  return `${entry.schema}.${entry.name}`;
}

/** The server's words when a query has met a closed way, or a view that was left empty for it. */
function isClosed(error: unknown, someLeft: boolean): boolean {
  const cause = error instanceof DrillError ? error.facts.cause : error;
  if (!(cause instanceof DatabaseError)) return false;
  if (cause.code === '42704') return cause.message.startsWith('user mapping not found');
  return cause.message.includes(closedMark) || (someLeft && cause.code === '55000');
}
