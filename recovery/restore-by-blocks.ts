import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type { PostgresServer } from '../domain/service.ts';
import { ArchiveRestore, type ArchiveRestoreOptions, type RestoredArchive } from './archive-restore.ts';
import { readArchiveScript, type ScriptPart } from './archive-script.ts';
import type { TocEntry } from './archive-head.ts';
import type { ArchiveHeadFound, LoadInstructions, RowLoaderJob } from './row-loader.ts';
import { runRowLoader } from './run-row-loader.ts';
import { TableOfContents } from './table-of-contents.ts';

export interface BlocksOptions extends ArchiveRestoreOptions {
  /** The schema names roles, so it waits for them. */
  rolesMade: Promise<void>;
  /** Told of the stored bytes that were read so far. */
  onBytes?: (sizeBytes: number) => void;
}

/**
 * Restores an archive whose rows are read here: pg_restore makes the script of the schema out of the archive's head
 * alone, and the rows go from the store to the server without a further program between. `unknown`: the archive is one
 * that only pg_restore can read; nothing was done then.
 */
export async function restoreByBlocks(
  job: RowLoaderJob,
  server: PostgresServer,
  options: BlocksOptions,
  { signal, abort }: { signal: AbortSignal; abort: (reason: unknown) => void },
): Promise<RestoredArchive | { unknown: string }> {
  const restore = new ArchiveRestore(options);
  let entries = new Map<number, TocEntry>();
  try {
    const outcome = await runRowLoader(
      job,
      {
        prepare: async (found) => {
          entries = new Map(found.entries.map((entry) => [entry.dumpId, entry]));
          const [schema] = await Promise.all([readSchema(server, found, signal), options.rolesMade]);
          const instructions = await makeSchema(restore, found, schema);
          // When an index cannot be built, loading ends as well.
          restore.building.catch(abort);
          return instructions;
        },
        onTable: ({ dumpId }, loaded) => {
          const entry = entries.get(dumpId);
          if (entry) restore.tableLoaded(entry, loaded);
        },
        onBytes: (sizeBytes) => options.onBytes?.(sizeBytes),
      },
      signal,
    );
    return outcome ?? (await restore.finish());
  } finally {
    restore.stop();
  }
}

/** The schema's script: everything but rows, which pg_restore would look for behind the head. */
async function readSchema(
  server: PostgresServer,
  { headBytes, entries }: ArchiveHeadFound,
  signal: AbortSignal,
): Promise<ScriptPart[]> {
  const args = ['--verbose', '--no-tablespaces', '--file=-', '--create', '--section=pre-data', '--section=post-data'];
  const input = Readable.from([Buffer.from(headBytes)], { objectMode: false });
  const tool = server.tool('pg_restore', args, { input, signal });
  const [script] = await Promise.all([buffer(tool.stdout), tool.completed]);
  return Array.fromAsync(readArchiveScript(Readable.from([script]), TableOfContents.of(entries)));
}

async function makeSchema(
  restore: ArchiveRestore,
  found: ArchiveHeadFound,
  parts: readonly ScriptPart[],
): Promise<LoadInstructions> {
  const afterRows = new Set(found.entries.filter(({ section }) => section === 'post-data').map(({ dumpId }) => dumpId));
  const rest: ScriptPart[] = [];
  for (const part of parts) {
    if (part.kind === 'settings') await restore.begin(part.sql);
    else if (part.kind !== 'statements') continue;
    // What has no section of its own, such as a comment, belongs where it stands.
    else if (rest.length > 0 || afterRows.has(part.entry.dumpId)) rest.push(part);
    else await restore.makeSchema(part);
  }
  const tables = found.entries.filter(({ type }) => type === 'TABLE DATA');
  await restore.reachRows(rest, tables);
  for (const entry of found.entries) {
    if (entry.type === 'SEQUENCE SET') await restore.execute({ entry, sql: entry.definition, settings: '' });
  }
  return {
    settings: restore.settings,
    tables: tables.map((entry) => ({
      dumpId: entry.dumpId,
      ...restore.target(entry, copyOf(entry)),
    })),
  };
}

/** The statement without its semicolon. */
function copyOf({ copy }: TocEntry): string {
  return copy.trim().replace(/;$/, '');
}
