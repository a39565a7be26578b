import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { z } from 'zod';
import type { DrillRecord } from '../domain/record.ts';
import { readIfThere } from '../files/read-if-there.ts';
import { recordSchema } from '../reports/record-schema.ts';

/** The parts of a record that are compared, or tell whether it can be. */
const partsSchema = recordSchema.pick({
  schemaVersion: true,
  runId: true,
  drill: true,
  engine: true,
  environment: true,
  sabotage: true,
  quick: true,
  from: true,
  chosenFault: true,
  state: true,
  verdict: true,
  startedAt: true,
  durationMs: true,
  rto: true,
  rpo: true,
});

type Parts = z.output<typeof partsSchema>;

/**
 * The newest finished run of the same drill, way, fault, engine and size beside a run's folder, for comparison. `undefined` when
 * there is none; a folder without a readable record is passed over, since it is not this run's to judge.
 */
export async function previousRun(directory: string, record: DrillRecord): Promise<DrillRecord['previous']> {
  const parent = dirname(directory);
  const names = await readdir(parent).catch(() => []);
  let newest: Parts | undefined;
  // One after the other: years of runs may lie there.
  for (const name of names) {
    const other = await readIfRecord(join(parent, name, 'drill.json'));
    if (!other || other.runId === record.runId || other.state !== 'finished' || !isAlike(other, record)) continue;
    if (!newest || other.startedAt > newest.startedAt) newest = other;
  }
  return newest && comparedPart(newest);
}

function comparedPart({ runId, verdict, startedAt, durationMs, rto, rpo }: Parts): DrillRecord['previous'] {
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
  other: Parts,
  { drill, engine, environment, sabotage, quick, from, chosenFault }: DrillRecord,
): boolean {
  return (
    other.drill === drill &&
    other.engine === engine &&
    other.environment.rows === environment.rows &&
    other.sabotage === sabotage &&
    (other.quick === undefined) === (quick === undefined) &&
    other.from === from &&
    other.chosenFault === chosenFault
  );
}

async function readIfRecord(file: string): Promise<Parts | undefined> {
  try {
    const bytes = await readIfThere(file);
    return bytes && partsSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch {
    // No record, or not one of this version.
    return undefined;
  }
}
