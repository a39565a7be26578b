import { glob } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../domain/drill-error.ts';
import type { RunFact } from '../domain/nightly.ts';
import type { DrillRecord } from '../domain/record.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { parseRecord } from '../reports/parse-record.ts';
import { shownVerdict } from '../reports/state.ts';

export interface FoundRecord {
  /** Path from the folder that was searched. */
  file: string;
  record: DrillRecord;
  /** As it is written. */
  text: string;
}

/** What was taken of each record, and for every file that could not be read a line that says why. */
export interface ReadRecords<T> {
  found: T[];
  unreadable: string[];
}

/**
 * The records (`drill.json`) anywhere below a folder, in the order of their paths. Of each only what `take` gives is
 * kept, since a folder may hold years of them. A folder that is not there holds none.
 */
export async function readRecords<T>(folder: string, take: (found: FoundRecord) => T): Promise<ReadRecords<T>> {
  const files: string[] = [];
  for await (const file of glob('**/drill.json', { cwd: folder })) files.push(file);
  const read: ReadRecords<T> = { found: [], unreadable: [] };
  for (const file of files.sort()) {
    try {
      const bytes = await readIfThere(join(folder, file));
      if (!bytes) throw new Error('it is a link that leads nowhere');
      const text = bytes.toString('utf8');
      read.found.push(take({ file, text, record: parseRecord(text, file) }));
    } catch (error) {
      read.unreadable.push(`${file}: ${messageOf(error)}`);
    }
  }
  return read;
}

/** The part of a record that plans rest on. */
export function factOf(record: DrillRecord): RunFact {
  const { runId, drill, startedAt, state, engine, environment, runbook, sabotage, quick, from, chosenFault } = record;
  const { rows, gitRevision, sourceSha256, schemaSha256 } = environment;
  return {
    runId,
    drill,
    startedAt,
    state,
    verdict: shownVerdict(record),
    engine,
    rows,
    runbookSha256: runbook.sha256,
    ...(sabotage !== undefined && { sabotage }),
    ...(quick && { quick: true as const }),
    ...(from !== undefined && { from }),
    ...(chosenFault !== undefined && { chosenFault }),
    ...(gitRevision !== undefined && { gitRevision }),
    ...(sourceSha256 !== undefined && { sourceSha256 }),
    ...(schemaSha256 !== undefined && { schemaSha256 }),
  };
}
