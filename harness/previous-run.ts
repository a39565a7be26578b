import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DrillRecord } from '../domain/record.ts';
import { parseRecord } from '../reports/parse-record.ts';

/**
 * The newest finished run of the same drill, way, fault, engine and size beside a run's folder, for comparison. `undefined` when
 * there is none; a folder without a readable record is passed over, since it is not this run's to judge.
 */
export async function previousRun(directory: string, record: DrillRecord): Promise<DrillRecord['previous']> {
  const parent = dirname(directory);
  const names = await readdir(parent).catch(() => []);
  const found = await Promise.all(names.map((name) => readIfRecord(join(parent, name, 'drill.json'))));
  const newest = found
    .filter((other) => other !== undefined)
    .filter((other) => other.runId !== record.runId && other.state === 'finished' && isAlike(other, record))
    .toSorted((one, other) => other.startedAt.localeCompare(one.startedAt))[0];
  if (!newest) return undefined;
  const { runId, verdict, startedAt, durationMs, rto, rpo } = newest;
  return {
    runId,
    verdict,
    startedAt,
    durationMs,
    ...(rto && { rtoMs: rto.totalMs, phases: rto.phases }),
    rpo: rpo.map(({ store, measuredMs, lostWrites }) => {
      return { store, ...(measuredMs !== undefined && { measuredMs }), lostWrites };
    }),
  };
}

function isAlike(
  other: DrillRecord,
  { drill, engine, environment, sabotage, from, chosenFault }: DrillRecord,
): boolean {
  return (
    other.drill === drill &&
    other.engine === engine &&
    other.environment.rows === environment.rows &&
    other.sabotage === sabotage &&
    other.from === from &&
    other.chosenFault === chosenFault
  );
}

async function readIfRecord(file: string): Promise<DrillRecord | undefined> {
  try {
    return parseRecord(await readFile(file, 'utf8'), file);
  } catch {
    // No record, or not one of this version.
    return undefined;
  }
}
