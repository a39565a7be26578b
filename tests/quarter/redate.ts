import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DrillRecord } from '../../domain/record.ts';
import type { SimulatedRun } from './calendar.ts';
import type { RealRun } from './play.ts';

const instants = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** The record of a real run as if it had begun at the instant of a simulated one: every instant in it moves alike. */
export function redatedRecord({ record }: RealRun, run: SimulatedRun, number: number): DrillRecord {
  const runId = `${record.drill}-${run.at.replaceAll(/[-:]|\.\d+/g, '')}-${String(number).padStart(4, '0')}`;
  const text = moved(JSON.stringify(record), record, run).replaceAll(record.runId, runId);
  const { sabotage, previous: _, ...copy } = JSON.parse(text) as DrillRecord;
  return {
    ...copy,
    ...(run.sabotaged && sabotage !== undefined && { sabotage }),
    sequence: number,
    runbook: { ...copy.runbook, ...runbookOf(record, run) },
    environment: {
      ...copy.environment,
      gitRevision: run.revision.repeat(40),
      uncommittedFiles: [],
      sourceSha256: run.revision.repeat(64),
    },
  };
}

/** Version and digest of the runbook that a simulated run has used. */
function runbookOf(
  { runbook: { version, sha256 } }: Pick<DrillRecord, 'runbook'>,
  { oldRunbook }: Pick<SimulatedRun, 'oldRunbook'>,
): Pick<DrillRecord['runbook'], 'version' | 'sha256'> {
  if (!oldRunbook) return { version, sha256 };
  return { version: '0.9', sha256: createHash('sha256').update(`before ${sha256}`).digest('hex') };
}

/** Copies the timeline of a real run into the folder of a simulated one, re-dated. */
export async function copyTimeline({ record, folder }: RealRun, run: SimulatedRun, to: string): Promise<void> {
  const text = await readFile(join(folder, 'timeline.jsonl'), 'utf8');
  await writeFile(join(to, 'timeline.jsonl'), moved(text, record, run));
}

function moved(text: string, { startedAt }: DrillRecord, { at }: SimulatedRun): string {
  const byMs = Date.parse(at) - Date.parse(startedAt);
  return text.replaceAll(instants, (instant) => new Date(Date.parse(instant) + byMs).toISOString());
}
