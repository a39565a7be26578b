import { availableParallelism } from 'node:os';
import type { Client, QueryResult } from 'pg';
import { DatabaseError } from 'pg';
import { DrillError, messageOf } from '../domain/drill-error.ts';
import { entryTitle, type ArchiveEntry } from './archive-entry.ts';

/** Two load rows, two build indexes. */
export const busySessions = 4;

/** On a machine whose processors are all at work already, parallel workers only add to what is to be done. */
const withoutHelpers = `
  SET max_parallel_maintenance_workers = 0;
  SET max_parallel_workers_per_gather = 0;`;

/**
 * What our own sessions do otherwise than the server's settings say. A commit need not wait for the disk: the server
 * stays crash-safe, and the restore ends with one that does. Memory is for building indexes. Compiling an expression
 * takes longer than most checks of a constraint.
 */
export const restoreSettings = `
  SET synchronous_commit = off;
  SET maintenance_work_mem = '256MB';
  SET jit = off;
  SET lock_timeout = 0;
  SET client_min_messages = error;${availableParallelism() > busySessions ? '' : withoutHelpers}`;

/** A connection that restores: it knows the settings of the archive's script. */
export interface RestoreSession {
  readonly client: Client;
  /**
   * Runs statements of entries with the settings that they need, those of several entries in one transaction and one round
   * trip. The failure of one is a `restore-failed` that names its entry.
   */
  run(jobs: readonly EntryStatements[]): Promise<void>;
}

/** Statements of an entry, and the settings that they need beyond the session's. */
export interface EntryStatements {
  entry: ArchiveEntry;
  sql: string;
  settings: string;
}

/** Applies the archive's session settings and ours. */
export async function beginSession(client: Client, archiveSettings: string): Promise<RestoreSession> {
  await client.query(archiveSettings);
  await client.query(restoreSettings);
  let applied = '';
  const runOne = async ({ entry, sql, settings }: EntryStatements): Promise<void> => {
    if (settings !== applied) await client.query(settings);
    applied = settings;
    await execute(client, entry, sql);
  };
  const runTogether = async (jobs: readonly EntryStatements[]): Promise<boolean> => {
    let settings = applied;
    const statements = jobs.map((job) => {
      const needed = job.settings === settings ? '' : `${job.settings}\n`;
      settings = job.settings;
      return `${needed}${job.sql}`;
    });
    try {
      // Several statements in one message are one transaction.
      await client.query(statements.join('\n'));
    } catch (error) {
      // Not for one that ended the session: what comes after it would fail for that.
      if (error instanceof DatabaseError && !error.code?.startsWith('57P')) return false;
      throw restoreError(titleOf(jobs), error);
    }
    applied = settings;
    return true;
  };
  return {
    client,
    run: async (jobs) => {
      if (jobs.length > 1 && (await runTogether(jobs))) return;
      // Nothing of them is there when one was refused: one by one they tell which, and what cannot stand beside others runs.
      for (const job of jobs) await runOne(job);
    },
  };
}

function titleOf(jobs: readonly EntryStatements[]): string {
  const [first, ...others] = jobs.map(({ entry }) => entryTitle(entry));
  return others.length === 0 ? (first ?? '') : `${first} and ${others.length} more`;
}

/** Runs SQL of an entry; its failure is a `restore-failed` that names the entry. */
async function execute(client: Client, entry: ArchiveEntry, sql: string): Promise<QueryResult> {
  try {
    return await client.query(sql);
  } catch (error) {
    throw restoreError(entryTitle(entry), error);
  }
}

/** Classes of SQLSTATE whose messages and details quote values of rows: data exceptions and broken constraints. */
const quotesValues = ['22', '23'];

/** `restore-failed`, naming the object. Values of rows are kept out of it. */
export function restoreError(title: string, cause: unknown): DrillError {
  if (cause instanceof DrillError) return cause;
  const what = `restoring ${title} failed`;
  const expected = 'the server to accept it';
  if (cause instanceof DatabaseError && quotesValues.includes((cause.code ?? '').slice(0, 2))) {
    const column = cause.column === undefined ? '' : `, column ${cause.column}`;
    const constraint = cause.constraint === undefined ? '' : `, constraint ${cause.constraint}`;
    const actual = `a row that it refuses (SQLSTATE ${cause.code}${column}${constraint})`;
    return new DrillError({ code: 'restore-failed', service: 'postgres', what, expected, actual });
  }
  return new DrillError({
    code: 'restore-failed',
    service: 'postgres',
    what,
    expected,
    actual: messageOf(cause),
    cause,
  });
}
