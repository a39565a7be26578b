import { DrillError } from '../domain/drill-error.ts';
import type { PostgresServer } from '../domain/service.ts';
import type { ArchiveEntry } from './archive-entry.ts';
import { readArchiveScript } from './archive-script.ts';
import { ArchiveRestore, type ArchiveRestoreOptions, type RestoredArchive } from './archive-restore.ts';
import { allOrFirstFailure } from './first-failure.ts';
import { loadRows } from './load-rows.ts';
import { openArchive, type OpenArchive } from './open-archive.ts';
import { bringsData, evadesMasking } from './restore-passes.ts';
import type { ScriptPart } from './archive-script.ts';

/**
 * Restores an archive by the script that pg_restore makes of it, rows included: slower, and for every archive that
 * pg_restore can read, large objects too.
 */
export async function restoreByScript(
  chunks: AsyncIterable<Buffer>,
  server: PostgresServer,
  options: ArchiveRestoreOptions,
  { signal, abort }: { signal: AbortSignal; abort: (reason: unknown) => void },
): Promise<RestoredArchive> {
  const common = ['--verbose', '--no-tablespaces', '--file=-'];
  const archive = openArchive(chunks, server, signal, {
    body: [...common, '--create', '--section=pre-data', '--section=data'],
    head: [...common, '--section=post-data'],
    readHead: (output, contents) => Array.fromAsync(readArchiveScript(output, contents)),
  });
  const [restored] = await allOrFirstFailure([execute(archive, options), archive.completed], abort);
  return restored;
}

async function execute(archive: OpenArchive<ScriptPart[]>, options: ArchiveRestoreOptions): Promise<RestoredArchive> {
  const restore = new ArchiveRestore(options);
  const reachRows = async (): Promise<void> => {
    if (!restore.rowsReached) await restore.reachRows(await archive.head);
  };
  try {
    for await (const part of readArchiveScript(archive.output, archive.contents)) {
      if (part.kind === 'settings') {
        await restore.begin(part.sql);
        continue;
      }
      const { entry } = part;
      if (options.plan && evadesMasking(entry)) throw cannotMask(entry);
      if (restore.leavesOut(entry)) continue;
      if (bringsData(entry)) await reachRows();
      if (part.kind === 'rows') {
        restore.tableLoaded(entry, await loadRows(restore.session, restore.target(entry, part.copy), part.rows));
      } else if (bringsData(entry)) await restore.execute(part);
      else await restore.makeSchema(part);
    }
    await reachRows();
    return await restore.finish();
  } finally {
    restore.stop();
  }
}

function cannotMask(entry: ArchiveEntry): DrillError {
  return new DrillError({
    code: 'masking-failed',
    what: 'the database holds data that cannot be masked',
    expected: 'rows of tables and large objects only',
    actual: entry.type,
  });
}
